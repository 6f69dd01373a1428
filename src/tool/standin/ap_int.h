#include <ap_fixed.h>
