/* Final-state shower ordered in angle, by the veto algorithm.
 *
 * A parton of transverse momentum p splits at angle θ with momentum fraction z with the density
 *     dP = dθ²/θ² dz α_s(k)/(2π) P(z),  k = min(z, 1-z) p θ,  k > K_MIN,
 * and the Sudakov factor exp(-∫ dP) of not having split at larger angles. Each splitting confines
 * the later ones of both daughters to smaller angles, which is how soft gluons interfere. Partons
 * are massless; a heavy particle decays first and its decay angles bound what follows. */
#include "data/shower.h"

#include <math.h>
#include <stdbool.h>

static const double PI = 3.14159265358979323846;

/* The jet: radius, widest splitting, transverse momentum of the parton that starts it in GeV. */
static const double RADIUS = 0.4, WIDEST = 0.5, JET_PT = 1000, JET_PT_SPREAD = 0.05;
/* Where the shower stops, GeV, and the coupling at the Z mass. */
static const double K_MIN = 1.6, ALPHA_Z = 0.118, MASS_Z = 91.19;
/* Colour factors and the number of flavours a gluon splits into. */
static const double CF = 4.0 / 3, CA = 3, TR = 0.5, FLAVOURS = 5;

/* Of which decay a parton is a product. */
typedef enum origin { FROM_BOSON, FROM_TOP, FROM_ELSEWHERE } origin;

typedef struct parton {
    particle p;
    bool gluon;
    double angle; /* no splitting wider than this */
    origin from;
} parton;

typedef struct event {
    parton partons[JET_PARTICLES_MAX];
    int parton_count;
    particle *particles;
    int count;
    double boson_mass, top_mass; /* 0: none */
    rng *r;
} event;

/* One loop, five flavours, frozen below K_MIN. */
static double coupling(double k)
{
    const double b0 = (33 - 2 * 5) / (12 * PI);
    k = k > K_MIN ? k : K_MIN;
    return ALPHA_Z / (1 + ALPHA_Z * b0 * 2 * log(k / MASS_Z));
}

/* ---- splitting */

typedef struct splitting {
    double angle, z; /* z: momentum fraction of the second daughter */
    bool to_quarks;  /* g → q q̄; else the second daughter is a gluon */
} splitting;

/* The next splitting of a parton at an angle above `smallest`. False: none. */
static bool next_splitting(splitting *s, const parton *a, double smallest, rng *r)
{
    double z_min = K_MIN / (a->p.pt * a->angle);
    if (z_min >= 0.5)
        return false;
    /* Overestimates: 2C/z for soft gluons, a constant for g → q q̄. */
    double colour = a->gluon ? CA : CF;
    double soft = 2 * colour * -log(z_min), pair = a->gluon ? FLAVOURS * TR : 0;
    double highest = coupling(0);
    double rate = highest / (2 * PI) * (soft + pair);
    for (double angle = a->angle;;) {
        angle *= exp(0.5 * log(1 - rng_unit(r)) / rate);
        if (a->p.pt * angle < 2 * K_MIN || angle < smallest)
            return false;
        bool to_quarks = rng_unit(r) * (soft + pair) >= soft;
        double z = to_quarks ? rng_unit(r) : pow(z_min, rng_unit(r));
        double k = fmin(z, 1 - z) * a->p.pt * angle;
        if (k < K_MIN)
            continue;
        double kernel; /* as a part of its overestimate */
        if (to_quarks)
            kernel = z * z + (1 - z) * (1 - z);
        else if (a->gluon) /* symmetric in z ↔ 1-z, written with the pole at z → 0 alone */
            kernel = 1 - z + z * z * (1 - z) / 2;
        else
            kernel = (1 + (1 - z) * (1 - z)) / 2;
        if (rng_unit(r) < kernel * coupling(k) / highest) {
            *s = (splitting){angle, z, to_quarks};
            return true;
        }
    }
}

/* Daughters on both sides, so that the mean direction weighted by momentum stays. */
static void split_parton(parton *a, parton *b, const splitting *s, rng *r)
{
    double turn = 2 * PI * rng_unit(r);
    double dy = s->angle * cos(turn), dphi = s->angle * sin(turn);
    *b = *a;
    b->p.pt *= s->z;
    b->p.y += (1 - s->z) * dy;
    b->p.phi += (1 - s->z) * dphi;
    a->p.pt *= 1 - s->z;
    a->p.y -= s->z * dy;
    a->p.phi -= s->z * dphi;
    b->gluon = !s->to_quarks;
    a->gluon = a->gluon && !s->to_quarks;
    a->angle = b->angle = s->angle;
}

static void add_parton(event *e, particle p, bool gluon, double angle, origin from)
{
    if (e->parton_count < JET_PARTICLES_MAX)
        e->partons[e->parton_count++] = (parton){p, gluon, angle, from};
}

/* Showers every parton from `first` on, its daughters among them. */
static void shower_partons(event *e, int first)
{
    for (int i = first; i < e->parton_count; i++) {
        splitting s;
        while (e->parton_count < JET_PARTICLES_MAX && next_splitting(&s, &e->partons[i], 0, e->r))
            split_parton(&e->partons[i], &e->partons[e->parton_count++], &s, e->r);
    }
}

/* ---- decays */

typedef struct momentum {
    double e, x, y, z;
} momentum;

static particle direction_of(const momentum *p)
{
    double pt = hypot(p->x, p->y);
    return (particle){pt, asinh(p->z / pt), atan2(p->y, p->x)};
}

/* The jet's axis is x; rapidity 0. */
static momentum moving(double pt, double mass)
{
    return (momentum){hypot(pt, mass), pt, 0, 0};
}

static momentum boost(const momentum *p, const momentum *frame, double mass)
{
    double along = (p->x * frame->x + p->y * frame->y + p->z * frame->z) / mass;
    double factor = (along / (frame->e / mass + 1) + p->e) / mass;
    return (momentum){p->e * frame->e / mass + along, p->x + factor * frame->x,
                      p->y + factor * frame->y, p->z + factor * frame->z};
}

/* Two bodies of masses m1 and 0, isotropic in the rest frame of `parent`. */
static void decay(momentum *first, momentum *second, const momentum *parent, double mass, double m1,
                  rng *r)
{
    double p = (mass * mass - m1 * m1) / (2 * mass);
    double c = 2 * rng_unit(r) - 1, s = sqrt(1 - c * c), turn = 2 * PI * rng_unit(r);
    momentum one = {hypot(p, m1), p * c, p * s * cos(turn), p * s * sin(turn)};
    momentum two = {p, -one.x, -one.y, -one.z};
    *first = boost(&one, parent, mass);
    *second = boost(&two, parent, mass);
}

/* Breit-Wigner, within 12 widths. */
static double draw_mass(double mass, double width, rng *r)
{
    double reach = atan(24);
    return mass + width / 2 * tan(reach * (2 * rng_unit(r) - 1));
}

static double distance(const particle *a, const particle *b)
{
    return hypot(a->y - b->y, a->phi - b->phi);
}

static void add_pair(event *e, const momentum *parent, double mass)
{
    momentum q, qbar;
    decay(&q, &qbar, parent, mass, 0, e->r);
    particle a = direction_of(&q), b = direction_of(&qbar);
    double angle = distance(&a, &b);
    e->boson_mass = mass;
    add_parton(e, a, false, angle, FROM_BOSON);
    add_parton(e, b, false, angle, FROM_BOSON);
}

static const double MASS_W = 80.38, WIDTH_W = 2.09, WIDTH_Z = 2.50;

/* A top quark radiates outside its dead cone m/p, then decays to b W, and the W to quarks. */
static void add_top(event *e, double pt)
{
    double mass = draw_mass(173.2, 1.4, e->r), mass_w = draw_mass(MASS_W, WIDTH_W, e->r);
    parton top = {{pt, 0, 0}, false, WIDEST, FROM_ELSEWHERE};
    e->top_mass = mass;
    splitting s;
    while (next_splitting(&s, &top, mass / top.p.pt, e->r)) {
        parton gluon;
        split_parton(&top, &gluon, &s, e->r);
        add_parton(e, gluon.p, true, gluon.angle, FROM_ELSEWHERE);
    }
    momentum parent = moving(top.p.pt, mass), w, b;
    decay(&w, &b, &parent, mass, mass_w, e->r);
    particle axis = direction_of(&w), bottom = direction_of(&b);
    int first = e->parton_count;
    add_parton(e, bottom, false, distance(&axis, &bottom), FROM_TOP);
    add_pair(e, &w, mass_w);
    for (int i = first; i < e->parton_count; i++) { /* the recoil against the gluons */
        e->partons[i].p.y += top.p.y;
        e->partons[i].p.phi += top.p.phi;
    }
}

static void add_boson(event *e, double pt, double mass, double width)
{
    double m = draw_mass(mass, width, e->r);
    momentum parent = moving(pt, m);
    add_pair(e, &parent, m);
}

/* ---- hadrons */

static void add_particle(event *e, double pt, double y, double phi)
{
    if (e->count < JET_PARTICLES_MAX && pt > 0.1)
        e->particles[e->count++] = (particle){pt, y, phi};
}

/* A third of the hadrons are π⁰, seen as two photons. */
static void add_hadron(event *e, double pt, double y, double phi)
{
    if (rng_below(e->r, 3) > 0) {
        add_particle(e, pt, y, phi);
        return;
    }
    double z = rng_unit(e->r), turn = 2 * PI * rng_unit(e->r), open = 0.135 / pt;
    add_particle(e, pt * z, y + (1 - z) * open * cos(turn), phi + (1 - z) * open * sin(turn));
    add_particle(e, pt * (1 - z), y - z * open * cos(turn), phi - z * open * sin(turn));
}

/* A colour string gives hadron after hadron a part of what it has left. Across its way a hadron
 * gets 0.3 GeV, but no angle wider than that of the parton, as a soft gluon would. */
static void break_string(event *e, const parton *a, double left)
{
    const double LEAST = 7.5, ACROSS = 0.3, HARDNESS = 0.55;
    while (left > 0.1 && e->count < JET_PARTICLES_MAX) {
        double part = left > LEAST ? 1 - pow(rng_unit(e->r), HARDNESS) : 1;
        double pt = left * part;
        left -= pt;
        if (pt < 0.1)
            continue;
        double across = fmin(ACROSS / pt, a->angle / 2);
        add_hadron(e, pt, a->p.y + across * rng_normal(e->r), a->p.phi + across * rng_normal(e->r));
    }
}

/* A quark ends one string, a gluon two. */
static void hadronise(event *e, const parton *a)
{
    double share = a->gluon ? 0.2 + 0.6 * rng_unit(e->r) : 1;
    break_string(e, a, share * a->p.pt);
    if (a->gluon)
        break_string(e, a, (1 - share) * a->p.pt);
}

/* Mass of particles in the middle of a jet, whose angles are small. */
static double mass_of(const particle *p, int count)
{
    double energy = 0, x = 0, y = 0, z = 0;
    for (int i = 0; i < count; i++) {
        energy += p[i].pt * cosh(p[i].y);
        x += p[i].pt * cos(p[i].phi);
        y += p[i].pt * sin(p[i].phi);
        z += p[i].pt * sinh(p[i].y);
    }
    double squared = energy * energy - x * x - y * y - z * z;
    return squared > 0 ? sqrt(squared) : 0;
}

/* Splitting and hadrons made the first `count` particles heavier than what they come from: narrow
 * them around their axis until they weigh that again. */
static void restore_mass(event *e, int count, double mass)
{
    double sum = 0, y = 0, phi = 0;
    for (int i = 0; i < count; i++) {
        sum += e->particles[i].pt;
        y += e->particles[i].pt * e->particles[i].y;
        phi += e->particles[i].pt * e->particles[i].phi;
    }
    for (int round = 0; round < 3; round++) {
        double found = mass_of(e->particles, count);
        double factor = found > 0 ? mass / found : 1;
        for (int i = 0; i < count; i++) {
            particle *p = &e->particles[i];
            p->y = y / sum + factor * (p->y - y / sum);
            p->phi = phi / sum + factor * (p->phi - phi / sum);
        }
    }
}

static void make_hadrons(event *e)
{
    for (int from = FROM_BOSON; from <= FROM_ELSEWHERE; from++) {
        for (int i = 0; i < e->parton_count; i++) {
            if (e->partons[i].from == (origin)from)
                hadronise(e, &e->partons[i]);
        }
        double mass = from == FROM_BOSON ? e->boson_mass : from == FROM_TOP ? e->top_mass : 0;
        if (mass > 0)
            restore_mass(e, e->count, mass);
    }
}

/* Soft particles from the rest of the collision, evenly over the jet's disc. */
static void add_underlying(event *e)
{
    const double MEAN = 3, MEAN_PT = 0.8;
    double limit = exp(-MEAN);
    for (double product = rng_unit(e->r); product > limit; product *= rng_unit(e->r)) {
        double radius = RADIUS * sqrt(rng_unit(e->r)), turn = 2 * PI * rng_unit(e->r);
        add_particle(e, 0.3 - MEAN_PT * log(1 - rng_unit(e->r)), radius * cos(turn),
                     radius * sin(turn));
    }
}

/* Energy to 1 %, worse for the softest, and angle to 1 mrad. */
static void smear(event *e)
{
    for (int i = 0; i < e->count; i++) {
        particle *p = &e->particles[i];
        double width = sqrt(1e-4 + 1e-3 / p->pt);
        p->pt *= fmax(0.1, 1 + width * rng_normal(e->r));
        p->y += 1e-3 * rng_normal(e->r);
        p->phi += 1e-3 * rng_normal(e->r);
    }
}

/* Keeps what lies within the radius of the axis and moves the jet to a rapidity of its own. */
static void keep_cone(event *e)
{
    double sum = 0, y = 0, phi = 0;
    for (int i = 0; i < e->count; i++) {
        const particle *p = &e->particles[i];
        bool inside = hypot(p->y, p->phi) < 1.5 * RADIUS;
        sum += inside ? p->pt : 0;
        y += inside ? p->pt * p->y : 0;
        phi += inside ? p->pt * p->phi : 0;
    }
    particle axis = {1, sum > 0 ? y / sum : 0, sum > 0 ? phi / sum : 0};
    double forward = 3 * rng_unit(e->r) - 1.5;
    int kept = 0;
    for (int i = 0; i < e->count; i++) {
        particle p = e->particles[i];
        if (distance(&p, &axis) < RADIUS) {
            p.y += forward;
            e->particles[kept++] = p;
        }
    }
    e->count = kept;
}

int shower_jet(particle *out, jet_class kind, rng *r)
{
    event e = {.particles = out, .r = r};
    double pt = JET_PT * exp(JET_PT_SPREAD * rng_normal(r));
    switch (kind) {
    case JET_GLUON:
    case JET_QUARK:
        add_parton(&e, (particle){pt, 0, 0}, kind == JET_GLUON, WIDEST, FROM_ELSEWHERE);
        break;
    case JET_TOP:
        add_top(&e, pt);
        break;
    case JET_W:
        add_boson(&e, pt, MASS_W, WIDTH_W);
        break;
    case JET_Z:
        add_boson(&e, pt, MASS_Z, WIDTH_Z);
        break;
    }
    shower_partons(&e, 0);
    make_hadrons(&e);
    add_underlying(&e);
    smear(&e);
    keep_cone(&e);
    return e.count;
}
