// ROOT's version as it never was: a plugin that is compiled with this is one for another release.
#ifndef ROOTBALER_TEST_RVERSION_H
#define ROOTBALER_TEST_RVERSION_H

#include_next <RVersion.h>

#undef ROOT_VERSION_MINOR
#define ROOT_VERSION_MINOR 99

#endif
