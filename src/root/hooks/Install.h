// Puts our functions in the place of ROOT's when the library is loaded.
#ifndef ROOTBALER_INSTALL_H
#define ROOTBALER_INSTALL_H

#include <string>

namespace RootBaler {
namespace Internal {

/// Empty if every hook that writing (reading) needs is in place, else what is missing and what to do.
const std::string &WhyNoWriting();
const std::string &WhyNoReading();

} // namespace Internal
} // namespace RootBaler

#endif
