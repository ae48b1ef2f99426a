// Errors of the C++ part: one class, whose code tells a program what a message tells a person.
#ifndef ROOTBALER_ERROR_H
#define ROOTBALER_ERROR_H

#include <stdexcept>
#include <string>

namespace RootBaler {

/// What went wrong; the values are those of RbStatus in the C interface.
enum class EStatus : int {
   kBadArgument = 1,  ///< the caller asked for something that cannot be
   kIncompatible = 2, ///< data or model of another version or of other branches
   kCorrupt = 3,      ///< the file's bytes are not what was written
   kMissing = 4,      ///< a tree, branch, model or library is not there
   kIO = 5,           ///< the operating system refused to read or write
   kInternal = 6,     ///< a fault of RootBaler itself
   kInterrupted = 7   ///< the caller's progress function asked to stop
};

/// Thrown by the functions of Tools.h. The message names file, tree and branch and says what to do next.
class Error : public std::runtime_error {
public:
   Error(EStatus status, const std::string &message) : std::runtime_error(message), fStatus(status) {}
   EStatus Status() const noexcept { return fStatus; }

private:
   EStatus fStatus;
};

} // namespace RootBaler

#endif
