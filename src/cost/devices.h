/* Internal to src/cost: the built-in device files, ended by a NULL name. */
#ifndef COST_DEVICES_H
#define COST_DEVICES_H

#include "base/embedded.h"

extern const embedded_file device_files[];

#endif
