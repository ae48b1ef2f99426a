// Messages through ROOT's error handler, each text once per process: baskets are many, reasons are few.
#ifndef ROOTBALER_MESSAGE_H
#define ROOTBALER_MESSAGE_H

#include <string>

namespace RootBaler {
namespace Internal {

void ErrorOnce(const std::string &text);
void WarningOnce(const std::string &text);
/// True if ROOTBALER_DEBUG is set to something other than 0.
bool IsDebug();
/// Printed only if IsDebug().
void Debug(const std::string &text);

} // namespace Internal
} // namespace RootBaler

#endif
