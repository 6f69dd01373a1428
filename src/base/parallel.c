#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

typedef struct worker {
    pool *owner;
    int number;
    pthread_t thread;
} worker;

struct pool {
    int threads;
    worker *workers; /* [threads], entry 0 is the caller and has no thread */
    pthread_mutex_t lock;
    pthread_cond_t start, done;
    unsigned long round; /* counts pool_run calls */
    int busy;            /* workers that have not finished this round */
    bool quit;
    void (*body)(void *, size_t, int);
    void *context;
    size_t count;
    atomic_size_t next;
    void (*look)(void *);
    void *look_context;
};

static void drain(pool *p, int number)
{
    for (;;) {
        size_t i = atomic_fetch_add(&p->next, 1);
        if (i >= p->count)
            return;
        p->body(p->context, i, number);
    }
}

static void *worker_main(void *argument)
{
    worker *w = argument;
    pool *p = w->owner;
    unsigned long seen = 0;
    pthread_mutex_lock(&p->lock);
    for (;;) {
        while (!p->quit && p->round == seen)
            pthread_cond_wait(&p->start, &p->lock);
        if (p->quit)
            break;
        seen = p->round;
        pthread_mutex_unlock(&p->lock);
        drain(p, w->number);
        pthread_mutex_lock(&p->lock);
        if (--p->busy == 0)
            pthread_cond_signal(&p->done);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

pool *pool_new(int threads)
{
    pool *p = calloc(1, sizeof *p);
    worker *workers = calloc((size_t)threads, sizeof *workers);
    if (!p || !workers) {
        free(p);
        free(workers);
        return NULL;
    }
    p->workers = workers;
    p->threads = 1;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->start, NULL);
    pthread_cond_init(&p->done, NULL);
    for (int i = 1; i < threads; i++) {
        workers[i] = (worker){.owner = p, .number = i};
        if (pthread_create(&workers[i].thread, NULL, worker_main, &workers[i]) != 0) {
            pool_free(p);
            return NULL;
        }
        p->threads = i + 1;
    }
    return p;
}

void pool_free(pool *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->quit = true;
    pthread_cond_broadcast(&p->start);
    pthread_mutex_unlock(&p->lock);
    for (int i = 1; i < p->threads; i++)
        pthread_join(p->workers[i].thread, NULL);
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->start);
    pthread_cond_destroy(&p->done);
    free(p->workers);
    free(p);
}

int pool_threads(const pool *p)
{
    return p->threads;
}

void pool_watch(pool *p, void (*look)(void *context), void *context)
{
    p->look = look;
    p->look_context = context;
}

/* Waits for the others; the lock is held but while looking. */
static void wait_watching(pool *p)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_nsec += 100000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_nsec -= 1000000000;
        t.tv_sec++;
    }
    pthread_cond_timedwait(&p->done, &p->lock, &t);
    if (p->busy == 0)
        return;
    pthread_mutex_unlock(&p->lock);
    p->look(p->look_context);
    pthread_mutex_lock(&p->lock);
}

void pool_run(pool *p, size_t count, void (*body)(void *, size_t, int), void *context)
{
    pthread_mutex_lock(&p->lock);
    p->body = body;
    p->context = context;
    p->count = count;
    atomic_store(&p->next, 0);
    p->busy = p->threads - 1;
    p->round++;
    pthread_cond_broadcast(&p->start);
    pthread_mutex_unlock(&p->lock);
    drain(p, 0);
    pthread_mutex_lock(&p->lock);
    while (p->busy > 0)
        if (p->look)
            wait_watching(p);
        else
            pthread_cond_wait(&p->done, &p->lock);
    pthread_mutex_unlock(&p->lock);
}

int processor_count(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int n = CPU_COUNT(&set);
    return n > 0 ? n : 1;
}
