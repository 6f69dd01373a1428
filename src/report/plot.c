/* The Pareto front as inline SVG. */
#include "report/html.h"

#include <math.h>
#include <stdio.h>

enum { WIDTH = 302, HEIGHT = 205, LEFT = 52, RIGHT = 12, TOP = 28, BOTTOM = 34 };

typedef struct axis {
    double low, high;
    bool logarithmic;
} axis;

static axis x_axis(const plot_point *points, size_t count)
{
    double high = 1;
    for (size_t i = 0; i < count; i++)
        high = fmax(high, points[i].x);
    return (axis){0, high * 1.05, false};
}

static axis y_axis(const plot_point *points, size_t count)
{
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (size_t i = 0; i < count; i++) {
        low = fmin(low, points[i].y);
        high = fmax(high, points[i].y);
    }
    if (low > 0 && high / low > 8)
        return (axis){floor(log10(low) + 1e-9), ceil(log10(high) - 1e-9), true};
    double room = high > low ? 0.08 * (high - low) : fmax(fabs(high) * 0.1, 1e-12);
    return (axis){low >= 0 ? fmax(0, low - room) : low - room, high + room, false};
}

static double place_x(axis a, double x)
{
    return LEFT + (x - a.low) / (a.high - a.low) * (WIDTH - LEFT - RIGHT);
}

static double place_y(axis a, double y)
{
    double at = a.logarithmic ? log10(y) : y;
    return HEIGHT - BOTTOM - (at - a.low) / (a.high - a.low) * (HEIGHT - TOP - BOTTOM);
}

/* A round step that gives about `wanted` ticks. */
static double tick_step(double range, int wanted)
{
    double raw = range / wanted, power = pow(10, floor(log10(raw)));
    double mantissa = raw / power;
    return power * (mantissa < 1.5 ? 1 : mantissa < 3.5 ? 2 : mantissa < 7.5 ? 5 : 10);
}

static void draw_y_ticks(text *out, axis a)
{
    double step = a.logarithmic ? ceil((a.high - a.low) / 6) : tick_step(a.high - a.low, 5);
    long last = (long)floor(a.high / step + 1e-9);
    for (long i = (long)ceil(a.low / step - 1e-9); i <= last; i++) {
        double at = (double)i * step;
        double value = a.logarithmic ? pow(10, at) : at;
        double y = HEIGHT - BOTTOM - (at - a.low) / (a.high - a.low) * (HEIGHT - TOP - BOTTOM);
        text_printf(out,
                    "<line class=\"g\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.4g</text>\n",
                    LEFT, WIDTH - RIGHT, y, y, LEFT - 6, y + 4, value);
    }
}

static void draw_x_ticks(text *out, axis a)
{
    double step = fmax(1, tick_step(a.high - a.low, 6));
    for (int i = 0; i * step <= a.high; i++)
        text_printf(out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%g</text>\n",
                    place_x(a, i * step), HEIGHT - BOTTOM + 15, i * step);
    text_printf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">complexity</text>\n",
                WIDTH - RIGHT, HEIGHT - 4);
}

/* The best loss up to each complexity: a staircase down to the right. */
static void draw_steps(text *out, const plot_point *points, size_t count, axis ax, axis ay)
{
    text_append(out, "<path class=\"s\" d=\"");
    for (size_t i = 0; i < count; i++)
        text_printf(out, i ? "H%.1fV%.1f" : "M%.1f,%.1f", place_x(ax, points[i].x),
                    place_y(ay, points[i].y));
    text_printf(out, "H%d\"/>\n", WIDTH - RIGHT);
}

static void draw_dots(text *out, const plot_point *points, size_t count, axis ax, axis ay)
{
    for (size_t i = 0; i < count; i++) {
        text_printf(out, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"><title>",
                    points[i].marked ? "d m" : "d", place_x(ax, points[i].x),
                    place_y(ay, points[i].y), points[i].marked ? "5" : "3.2");
        html_escape(out, points[i].label ? points[i].label : "");
        text_append(out, "</title></circle>\n");
    }
}

void html_front_plot(text *out, const char *title, const plot_point *points, size_t count)
{
    if (count == 0)
        return;
    axis ax = x_axis(points, count), ay = y_axis(points, count);
    if (ay.high - ay.low <= 0)
        ay.high = ay.low + 1;
    text_printf(out,
                "<figure><svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n"
                "<text class=\"t\" x=\"%d\" y=\"16\">",
                WIDTH, HEIGHT, WIDTH, HEIGHT, LEFT);
    html_escape(out, title);
    text_printf(out, "</text><text x=\"%d\" y=\"16\" text-anchor=\"end\">loss</text>\n", LEFT - 6);
    draw_y_ticks(out, ay);
    draw_x_ticks(out, ax);
    draw_steps(out, points, count, ax, ay);
    draw_dots(out, points, count, ax, ay);
    text_append(out, "</svg></figure>\n");
}
