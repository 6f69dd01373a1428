/* A toy parton shower that makes boosted jets. docs/jets.md has the physics. */
#ifndef DATA_SHOWER_H
#define DATA_SHOWER_H

#include "base/rng.h"

/* A massless particle: transverse momentum in GeV, rapidity, azimuth. */
typedef struct particle {
    double pt, y, phi;
} particle;

enum { JET_PARTICLES_MAX = 256, JET_CLASSES = 5 };

typedef enum jet_class { JET_GLUON, JET_QUARK, JET_TOP, JET_W, JET_Z } jet_class;

/* The particles of one jet, within 0.4 of its axis: [JET_PARTICLES_MAX]; returns their number. */
int shower_jet(particle *out, jet_class kind, rng *r);

#endif
