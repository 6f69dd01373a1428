/* The 16 observables of the public LHC jet data. */
#ifndef DATA_OBSERVABLES_H
#define DATA_OBSERVABLES_H

#include "data/shower.h"

enum { JET_OBSERVABLES = 16 };

/* In the order of the columns of the file. */
extern const char *const jet_observable_names[JET_OBSERVABLES];

/* Energy correlation functions of a set of particles, index b for β = 0, 1, 2. With
 * z_i = pT_i / Σ pT: e2[b] = Σ z_i z_j R_ij^b; e3[b] = Σ z_i z_j z_k (R_ij R_ik R_jk)^b;
 * one_e3[b], two_e3[b]: with the smallest, the two smallest of the three angles. */
typedef struct correlations {
    double e2[3], e3[3], one_e3[3], two_e3[3]; /* of the last three, [0] is not computed */
} correlations;

/* count ≤ JET_PARTICLES_MAX; azimuths within 2π of each other. */
void energy_correlations(correlations *out, const particle *p, int count);

/* The modified mass-drop tagger: Cambridge/Aachen declustering until the softer part has more than
 * z_cut of the momentum. Marks the particles kept and returns their number. */
int mass_drop(unsigned char *kept, const particle *p, int count, double z_cut);

/* Invariant mass in GeV. */
double particles_mass(const particle *p, int count);

/* All 16 for the particles of a jet; ratios with a zero below are 0. */
void jet_observables(double out[JET_OBSERVABLES], const particle *p, int count);

#endif
