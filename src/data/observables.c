/* Definitions: energy correlation functions, Larkoski, Salam, Thaler, arXiv:1305.0007, 1409.6298,
 * and Moult, Necib, Thaler, arXiv:1609.07483; mMDT, Dasgupta, Fregoso, Marzani, Salam,
 * arXiv:1307.0007 (soft drop with β = 0, arXiv:1402.2657). */
#include "data/observables.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

const char *const jet_observable_names[JET_OBSERVABLES] = {
    "zlogz",      "c1_b0_mmdt", "c1_b1_mmdt",    "c1_b2_mmdt",    "c2_b1_mmdt", "c2_b2_mmdt",
    "d2_b1_mmdt", "d2_b2_mmdt", "d2_a1_b1_mmdt", "d2_a1_b2_mmdt", "m2_b1_mmdt", "m2_b2_mmdt",
    "n2_b1_mmdt", "n2_b2_mmdt", "mass_mmdt",     "multiplicity"};

static const double PI = 3.14159265358979323846;

static double squared_distance(const particle *a, const particle *b)
{
    double dy = a->y - b->y, dphi = fabs(a->phi - b->phi);
    if (dphi > PI)
        dphi = 2 * PI - dphi;
    return dy * dy + dphi * dphi;
}

/* ---- energy correlations */

/* The sums over k > j for one pair: row_i[k] = R_ik, row_j[k] = R_jk. */
static void add_triples(double sums[6], const double *row_i, const double *row_j, const double *z,
                        double r_ij, int from, int count)
{
    double one = 0, one_squared = 0, two = 0, two_squared = 0, all = 0, all_squared = 0;
    for (int k = from; k < count; k++) {
        double a = row_i[k], b = row_j[k];
        double low = a < b ? a : b, high = a < b ? b : a;
        double least = low < r_ij ? low : r_ij;
        double next = high < r_ij ? high : (low < r_ij ? r_ij : low);
        double pair = least * next, triple = a * b * r_ij;
        one += z[k] * least;
        one_squared += z[k] * least * least;
        two += z[k] * pair;
        two_squared += z[k] * pair * pair;
        all += z[k] * triple;
        all_squared += z[k] * triple * triple;
    }
    sums[0] = one;
    sums[1] = one_squared;
    sums[2] = two;
    sums[3] = two_squared;
    sums[4] = all;
    sums[5] = all_squared;
}

void energy_correlations(correlations *out, const particle *p, int count)
{
    double table[JET_PARTICLES_MAX][JET_PARTICLES_MAX], z[JET_PARTICLES_MAX], sum = 0;
    *out = (correlations){0};
    for (int i = 0; i < count; i++)
        sum += p[i].pt;
    for (int i = 0; i < count; i++) {
        z[i] = p[i].pt / sum;
        for (int j = 0; j < count; j++)
            table[i][j] = sqrt(squared_distance(&p[i], &p[j]));
    }
    for (int i = 0; i < count; i++) {
        for (int j = i + 1; j < count; j++) {
            double w = z[i] * z[j], r = table[i][j], sums[6];
            out->e2[0] += w;
            out->e2[1] += w * r;
            out->e2[2] += w * r * r;
            add_triples(sums, table[i], table[j], z, r, j + 1, count);
            for (int b = 1; b <= 2; b++) {
                out->one_e3[b] += w * sums[b - 1];
                out->two_e3[b] += w * sums[b + 1];
                out->e3[b] += w * sums[b + 3];
            }
        }
    }
}

/* ---- clustering */

typedef struct cluster {
    double e, px, py, pz;
    particle axis;   /* its pt, rapidity and azimuth */
    int first, rest; /* the clusters it was made of; first < 0: a particle */
    int nearest;     /* of the clusters still there */
    double nearest_distance;
} cluster;

static void find_axis(cluster *c)
{
    c->axis.pt = hypot(c->px, c->py);
    c->axis.phi = atan2(c->py, c->px);
    c->axis.y = 0.5 * log((c->e + c->pz) / (c->e - c->pz));
}

static cluster cluster_of(const particle *p)
{
    cluster c = {.e = p->pt * cosh(p->y),
                 .px = p->pt * cos(p->phi),
                 .py = p->pt * sin(p->phi),
                 .pz = p->pt * sinh(p->y),
                 .axis = *p,
                 .first = -1,
                 .rest = -1,
                 .nearest = -1,
                 .nearest_distance = (double)INFINITY};
    return c;
}

static cluster merge(const cluster *a, const cluster *b, int first, int rest)
{
    cluster c = {.e = a->e + b->e,
                 .px = a->px + b->px,
                 .py = a->py + b->py,
                 .pz = a->pz + b->pz,
                 .first = first,
                 .rest = rest,
                 .nearest = -1,
                 .nearest_distance = (double)INFINITY};
    find_axis(&c);
    return c;
}

static void find_nearest(cluster *c, int i, const int *live, int count)
{
    c[i].nearest = -1;
    c[i].nearest_distance = (double)INFINITY;
    for (int k = 0; k < count; k++) {
        double d = live[k] == i ? (double)INFINITY : squared_distance(&c[i].axis, &c[live[k]].axis);
        if (d < c[i].nearest_distance) {
            c[i].nearest_distance = d;
            c[i].nearest = live[k];
        }
    }
}

/* Cambridge/Aachen: the two nearest become one until one is left. c: [2 count]; returns it. */
static int build_tree(cluster *c, const particle *p, int count)
{
    int live[JET_PARTICLES_MAX] = {0}, left = count, next = count;
    for (int i = 0; i < count; i++) {
        c[i] = cluster_of(&p[i]);
        live[i] = i;
    }
    for (int i = 0; i < count; i++)
        find_nearest(c, i, live, count);
    while (left > 1) {
        int best = 0;
        for (int k = 1; k < left; k++)
            best = c[live[k]].nearest_distance < c[live[best]].nearest_distance ? k : best;
        int a = live[best], b = c[a].nearest;
        c[next] = merge(&c[a], &c[b], a, b);
        int kept = 0;
        for (int k = 0; k < left; k++) {
            if (live[k] != a && live[k] != b)
                live[kept++] = live[k];
        }
        live[kept] = next;
        left = kept + 1;
        find_nearest(c, next, live, left);
        for (int k = 0; k < kept; k++) {
            cluster *other = &c[live[k]];
            double d = squared_distance(&other->axis, &c[next].axis);
            if (other->nearest == a || other->nearest == b) {
                find_nearest(c, live[k], live, left);
            } else if (d < other->nearest_distance) {
                other->nearest = next;
                other->nearest_distance = d;
            }
        }
        next++;
    }
    return live[0];
}

int mass_drop(unsigned char *kept, const particle *p, int count, double z_cut)
{
    cluster c[2 * JET_PARTICLES_MAX];
    memset(kept, 0, (size_t)count);
    if (count == 0)
        return 0;
    int node = build_tree(c, p, count);
    while (c[node].first >= 0) {
        int a = c[node].first, b = c[node].rest;
        if (c[a].axis.pt < c[b].axis.pt) {
            int swapped = a;
            a = b;
            b = swapped;
        }
        if (c[b].axis.pt > z_cut * (c[a].axis.pt + c[b].axis.pt))
            break;
        node = a;
    }
    /* The leaves below the node that is left. */
    int stack[2 * JET_PARTICLES_MAX], depth = 0, total = 0;
    stack[depth++] = node;
    while (depth > 0) {
        int i = stack[--depth];
        if (c[i].first < 0) {
            kept[i] = 1;
            total++;
        } else {
            stack[depth++] = c[i].first;
            stack[depth++] = c[i].rest;
        }
    }
    return total;
}

/* ---- the 16 */

double particles_mass(const particle *p, int count)
{
    cluster sum = {0};
    for (int i = 0; i < count; i++) {
        cluster c = cluster_of(&p[i]);
        sum.e += c.e;
        sum.px += c.px;
        sum.py += c.py;
        sum.pz += c.pz;
    }
    double squared = sum.e * sum.e - sum.px * sum.px - sum.py * sum.py - sum.pz * sum.pz;
    return squared > 0 ? sqrt(squared) : 0;
}

static double ratio(double above, double below)
{
    return below > 0 ? above / below : 0;
}

void jet_observables(double out[JET_OBSERVABLES], const particle *p, int count)
{
    unsigned char kept[JET_PARTICLES_MAX];
    particle groomed[JET_PARTICLES_MAX];
    int left = 0;
    double energy = 0, zlogz = 0;
    mass_drop(kept, p, count, 0.1);
    for (int i = 0; i < count; i++) {
        energy += p[i].pt * cosh(p[i].y);
        if (kept[i])
            groomed[left++] = p[i];
    }
    for (int i = 0; i < count; i++) {
        double z = p[i].pt * cosh(p[i].y) / energy;
        zlogz += z * log(z);
    }
    correlations c;
    energy_correlations(&c, groomed, left);
    double *o = out;
    *o++ = zlogz;
    for (int b = 0; b <= 2; b++)
        *o++ = c.e2[b];
    for (int b = 1; b <= 2; b++)
        *o++ = ratio(c.e3[b], c.e2[b] * c.e2[b]);
    for (int b = 1; b <= 2; b++)
        *o++ = ratio(c.e3[b], pow(c.e2[b], 3));
    *o++ = ratio(c.e3[1], pow(c.e2[1], 3));
    *o++ = ratio(c.e3[1], pow(c.e2[2], 1.5));
    for (int b = 1; b <= 2; b++)
        *o++ = ratio(c.one_e3[b], c.e2[b]);
    for (int b = 1; b <= 2; b++)
        *o++ = ratio(c.two_e3[b], c.e2[b] * c.e2[b]);
    *o++ = particles_mass(groomed, left);
    *o++ = count;
}
