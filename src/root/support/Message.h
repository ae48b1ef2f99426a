// Messages through ROOT's error handler, each text once per process: baskets are many, reasons are few.
#ifndef ROOTBALER_MESSAGE_H
#define ROOTBALER_MESSAGE_H

#include "RootBaler/Error.h"

#include <optional>
#include <string>

namespace RootBaler {
namespace Internal {

/// `status` is for who collects the message (ErrorTrap).
void ErrorOnce(const std::string &text, EStatus status = EStatus::kCorrupt);
/// The status of the error that this thread says just now; nothing if the error is ROOT's own.
std::optional<EStatus> SaidStatus();
void WarningOnce(const std::string &text);
/// True if ROOTBALER_DEBUG is set to something other than 0.
bool IsDebug();
/// Printed only if IsDebug().
void Debug(const std::string &text);

} // namespace Internal
} // namespace RootBaler

#endif
