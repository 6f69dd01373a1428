#include "symlut/symlut.h"

#include <stdio.h>

int main(void)
{
    puts("symlut " SYMLUT_VERSION);
    return 0;
}
