/* The whole compiler: model in, firmware out. */
#include "base/status.h"
