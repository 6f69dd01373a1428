#include "report/html.h"

#include <stdarg.h>
#include <stdio.h>

static const char style[] =
    ":root{--ink:#1c2430;--soft:#5b6675;--line:#d9dee5;--paper:#fff;--wash:#f5f7fa;--accent:#"
    "0b6bcb;"
    "--good:#13795b;--bad:#b3261e;--warn:#8a5a00}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#e4e8ee;--soft:#9aa5b4;--line:#343c48;"
    "--paper:#161a20;--wash:#1f252d;--accent:#6db3ff;--good:#5cc9a0;--bad:#ff8a80;--warn:#e5b454}}"
    "\n"
    "*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);"
    "font:15px/1.5 system-ui,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}\n"
    "main{max-width:1080px;margin:0 auto;padding:2rem 1.5rem 4rem}\n"
    "h1{font-size:1.7rem;margin:0 0 .2rem;letter-spacing:-.01em}"
    "h2{font-size:1.25rem;margin:2.6rem 0 .8rem;padding-bottom:.3rem;"
    "border-bottom:2px solid var(--line);overflow-wrap:anywhere}"
    "h3{font-size:1rem;margin:1.6rem 0 .5rem}\n"
    "p{margin:.4rem 0}.soft{color:var(--soft)}\n"
    "code,.eq{font-family:ui-monospace,'DejaVu Sans Mono',Consolas,monospace;font-size:.88em}\n"
    ".scroll{overflow-x:auto;max-width:100%}"
    "table{border-collapse:collapse;margin:.4rem 0 1rem;font-size:.92rem}"
    "th{text-align:left;font-weight:600;color:var(--soft);border-bottom:1px solid var(--line);"
    "padding:.25rem .9rem .25rem 0;white-space:nowrap}"
    "td{padding:.22rem .9rem .22rem 0;border-bottom:1px solid var(--line);vertical-align:top}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    "tr.on td{background:var(--wash);font-weight:600}tr.on td:first-child{box-shadow:inset 3px 0 "
    "var(--accent);padding-left:.6rem}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1.2rem;margin:.4rem 0 1rem}"
    "dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}\n"
    ".plots{display:flex;flex-wrap:wrap;gap:1rem}"
    ".plots figure{margin:0;background:var(--wash);border-radius:8px;padding:.6rem .6rem .2rem}"
    "svg{display:block}svg text{fill:var(--soft);font-size:11px}svg .t{fill:var(--ink);"
    "font-size:12.5px;font-weight:600}svg .g{stroke:var(--line)}svg .s{stroke:var(--accent);"
    "stroke-width:1.6;fill:none}svg .d{fill:var(--paper);stroke:var(--accent);stroke-width:1.6}"
    "svg .m{fill:var(--accent);stroke:var(--accent)}\n"
    ".eq{display:block;background:var(--wash);border-radius:6px;padding:.5rem .7rem;margin:.3rem 0;"
    "overflow-wrap:anywhere}\n"
    ".badge{display:inline-block;border-radius:99px;padding:.05rem .7rem;font-weight:600;"
    "font-size:.88rem;border:1.5px solid}.ok{color:var(--good)}.no{color:var(--bad)}"
    ".warn{color:var(--warn)}\n"
    ".cards{display:flex;flex-wrap:wrap;gap:.8rem;margin:.8rem 0}"
    ".card{background:var(--wash);border-radius:8px;padding:.5rem .9rem;min-width:7.5rem}"
    ".card b{display:block;font-size:1.25rem}.card span{color:var(--soft);font-size:.82rem}\n"
    "details{margin:.4rem 0 1rem}summary{cursor:pointer;color:var(--accent)}\n"
    "@media print{.scroll{overflow:visible}body{font-size:11px}}\n";

void html_escape(text *out, const char *s)
{
    for (const char *from = s;; s++) {
        const char *entity = *s == '&'   ? "&amp;"
                             : *s == '<' ? "&lt;"
                             : *s == '>' ? "&gt;"
                             : *s == '"' ? "&quot;"
                                         : NULL;
        if (*s && !entity)
            continue;
        text_append_n(out, from, (size_t)(s - from));
        if (!*s)
            return;
        text_append(out, entity);
        from = s + 1;
    }
}

void html_begin(text *out, const char *title)
{
    text_append(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                     "<title>");
    html_escape(out, title);
    text_append(out, "</title>\n<style>\n");
    text_append(out, style);
    text_append(out, "</style>\n</head>\n<body>\n<main>\n");
}

void html_end(text *out)
{
    text_append(out, "</main>\n</body>\n</html>\n");
}

void html_table_begin(text *out, const char *const *headings, size_t count)
{
    text_append(out, "<div class=\"scroll\"><table>\n<tr>");
    for (size_t i = 0; i < count; i++) {
        bool number = headings[i][0] == '#';
        text_append(out, number ? "<th class=\"n\">" : "<th>");
        html_escape(out, headings[i] + number);
        text_append(out, "</th>");
    }
    text_append(out, "</tr>\n");
}

void html_row_begin(text *out, bool marked)
{
    text_append(out, marked ? "<tr class=\"on\">" : "<tr>");
}

void html_cell(text *out, bool number, const char *format, ...)
{
    char cell[4096];
    va_list args;
    va_start(args, format);
    vsnprintf(cell, sizeof cell, format, args);
    va_end(args);
    text_append(out, number ? "<td class=\"n\">" : "<td>");
    html_escape(out, cell);
    text_append(out, "</td>");
}

void html_code_cell(text *out, const char *code)
{
    text_append(out, "<td><code>");
    html_escape(out, code);
    text_append(out, "</code></td>");
}

void html_row_end(text *out)
{
    text_append(out, "</tr>\n");
}

void html_table_end(text *out)
{
    text_append(out, "</table></div>\n");
}

void html_fact(text *out, const char *term, const char *value)
{
    if (!value || !value[0])
        return;
    text_append(out, "<dt>");
    html_escape(out, term);
    text_append(out, "</dt><dd>");
    html_escape(out, value);
    text_append(out, "</dd>\n");
}
