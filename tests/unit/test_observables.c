#include "data_files.h"

#include "data/observables.h"

static const double PI = 3.14159265358979323846;

static int random_particles(particle *p, int count, double width, rng *r)
{
    for (int i = 0; i < count; i++)
        p[i] = (particle){exp(2 * rng_normal(r)), width * rng_normal(r), width * rng_normal(r)};
    return count;
}

static double angle(const particle *a, const particle *b)
{
    return sqrt(pow(a->y - b->y, 2) + pow(a->phi - b->phi, 2));
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The sums as the definitions say them, over all triples. */
static correlations by_definition(const particle *p, int n)
{
    correlations c = {0};
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += p[i].pt;
    for (int b = 0; b <= 2; b++) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double w = p[i].pt / sum * p[j].pt / sum;
                c.e2[b] += w * pow(angle(&p[i], &p[j]), b);
                for (int k = 0; k < j && b > 0; k++) {
                    double r[] = {angle(&p[i], &p[j]), angle(&p[j], &p[k]), angle(&p[i], &p[k])};
                    qsort(r, 3, sizeof *r, compare);
                    double v = w * p[k].pt / sum;
                    c.one_e3[b] += v * pow(r[0], b);
                    c.two_e3[b] += v * pow(r[0] * r[1], b);
                    c.e3[b] += v * pow(r[0] * r[1] * r[2], b);
                }
            }
        }
    }
    return c;
}

static void near(double found, double expected)
{
    if (!(fabs(found - expected) <= 1e-12 * fabs(expected) + 1e-300))
        fail_msg("%.17g, expected %.17g", found, expected);
}

static void test_correlations(void **state)
{
    (void)state;
    rng r = rng_make(1, 0);
    particle p[60];
    for (int round = 0; round < 200; round++) {
        int n = random_particles(p, 1 + round % 60, 0.2, &r);
        correlations found, expected = by_definition(p, n);
        energy_correlations(&found, p, n);
        for (int b = 0; b <= 2; b++)
            near(found.e2[b], expected.e2[b]);
        for (int b = 1; b <= 2; b++) {
            near(found.e3[b], expected.e3[b]);
            near(found.one_e3[b], expected.one_e3[b]);
            near(found.two_e3[b], expected.two_e3[b]);
        }
    }
}

/* An equilateral triangle of equal momenta, by hand: z = 1/3, all angles 0.1. */
static void test_triangle(void **state)
{
    (void)state;
    const particle p[] = {{10, 0, 0}, {10, 0.1, 0}, {10, 0.05, 0.1 * sqrt(0.75)}};
    correlations c;
    energy_correlations(&c, p, 3);
    near(c.e2[0], 1.0 / 3);
    assert_true(fabs(c.e2[1] - 0.1 / 3) < 1e-15);
    assert_true(fabs(c.e3[1] - 0.001 / 27) < 1e-17);
    assert_true(fabs(c.one_e3[2] - 0.01 / 27) < 1e-16);
    assert_true(fabs(c.two_e3[1] - 0.01 / 27) < 1e-16);
}

/* Two hard prongs with soft radiation around and a soft particle far away: the far one goes. */
static void test_mass_drop(void **state)
{
    (void)state;
    const particle p[] = {
        {500, 0, 0}, {300, 0.15, 0}, {5, 0.01, 0.02}, {1, -0.3, 0.2}, {30, 0.16, 0.01}};
    unsigned char kept[5];
    assert_int_equal(mass_drop(kept, p, 5, 0.1), 4);
    assert_memory_equal(kept, "\1\1\1\0\1", 5);
    /* a single hard core: everything soft around is shed down to one particle */
    const particle q[] = {{500, 0, 0}, {10, 0.1, 0}, {3, 0.2, 0.1}, {1, -0.3, 0.2}};
    assert_int_equal(mass_drop(kept, q, 4, 0.1), 1);
    assert_memory_equal(kept, "\1\0\0\0", 4);
    assert_int_equal(mass_drop(kept, q, 1, 0.1), 1);
    assert_int_equal(mass_drop(kept, q, 0, 0.1), 0);
}

/* Declustering by definition: every step looks at all pairs. */
static int drop_by_definition(unsigned char *kept, const particle *p, int n, double z_cut)
{
    typedef struct {
        double px, py, pz, e;
        unsigned char has[40];
        int a, b;
    } node;
    static node nodes[80];
    int live[40] = {0}, left = n, next = n;
    memset(nodes, 0, sizeof nodes);
    for (int i = 0; i < n; i++) {
        nodes[i] = (node){p[i].pt * cos(p[i].phi),
                          p[i].pt * sin(p[i].phi),
                          p[i].pt * sinh(p[i].y),
                          p[i].pt * cosh(p[i].y),
                          {0},
                          -1,
                          -1};
        nodes[i].has[i] = 1;
        live[i] = i;
    }
    while (left > 1) {
        double best = INFINITY;
        int x = 0, y = 1;
        for (int i = 0; i < left; i++) {
            for (int j = 0; j < i; j++) {
                const node *a = &nodes[live[i]], *b = &nodes[live[j]];
                double dy = atanh(a->pz / a->e) - atanh(b->pz / b->e);
                double df = remainder(atan2(a->py, a->px) - atan2(b->py, b->px), 2 * PI);
                if (dy * dy + df * df < best) {
                    best = dy * dy + df * df;
                    x = j;
                    y = i;
                }
            }
        }
        const node a = nodes[live[x]], b = nodes[live[y]];
        node *m = &nodes[next];
        *m = (node){a.px + b.px, a.py + b.py, a.pz + b.pz, a.e + b.e, {0}, live[x], live[y]};
        for (int i = 0; i < n; i++)
            m->has[i] = a.has[i] | b.has[i];
        live[x] = next++;
        live[y] = live[--left];
    }
    int at = live[0];
    while (nodes[at].a >= 0) {
        const node *a = &nodes[nodes[at].a], *b = &nodes[nodes[at].b];
        double pa = hypot(a->px, a->py), pb = hypot(b->px, b->py);
        if (fmin(pa, pb) / (pa + pb) > z_cut)
            break;
        at = pa > pb ? nodes[at].a : nodes[at].b;
    }
    int total = 0;
    for (int i = 0; i < n; i++)
        total += kept[i] = nodes[at].has[i];
    return total;
}

static void test_mass_drop_against_definition(void **state)
{
    (void)state;
    rng r = rng_make(2, 0);
    particle p[40];
    unsigned char found[40], expected[40];
    int partly = 0;
    for (int round = 0; round < 400; round++) {
        int n = random_particles(p, 2 + round % 39, 0.15, &r);
        int kept = mass_drop(found, p, n, 0.1);
        assert_int_equal(kept, drop_by_definition(expected, p, n, 0.1));
        assert_memory_equal(found, expected, (size_t)n);
        partly += kept > 1 && kept < n;
    }
    assert_true(partly > 100);
}

/* z in p_T for the correlations, in energy for the sum; identities of the definitions. */
static void test_observables(void **state)
{
    (void)state;
    rng r = rng_make(3, 0);
    particle p[60];
    for (int round = 0; round < 300; round++) {
        int n = random_particles(p, 5 + round % 50, 0.15, &r);
        double o[JET_OBSERVABLES];
        jet_observables(o, p, n);
        assert_true(o[15] == n);
        assert_true(o[8] == o[6]);
        if (o[2] > 0 && o[4] > 0) {
            assert_true(fabs(o[6] / (o[4] / o[2]) - 1) < 1e-12);
            assert_true(fabs(o[7] / (o[5] / o[3]) - 1) < 1e-12);
            assert_true(fabs(o[9] / (o[4] * o[2] * o[2] / pow(o[3], 1.5)) - 1) < 1e-12);
        }
        double energy = 0, sum = 0;
        for (int i = 0; i < n; i++)
            energy += p[i].pt * cosh(p[i].y);
        for (int i = 0; i < n; i++)
            sum += p[i].pt * cosh(p[i].y) / energy * log(p[i].pt * cosh(p[i].y) / energy);
        assert_true(fabs(o[0] - sum) < 1e-12);
        for (int k = 0; k < JET_OBSERVABLES; k++)
            assert_true(isfinite(o[k]));
    }
    /* back to back, 50 GeV each: the mass is 100 GeV */
    const particle two[] = {{50, 0, 0}, {50, 0, PI}};
    assert_true(fabs(particles_mass(two, 2) - 100) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_correlations), cmocka_unit_test(test_triangle),
        cmocka_unit_test(test_mass_drop),    cmocka_unit_test(test_mass_drop_against_definition),
        cmocka_unit_test(test_observables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
