// Redirects calls between shared libraries: rewrites the slots that the dynamic linker filled.
#ifndef ROOTBALER_GOTPATCHER_H
#define ROOTBALER_GOTPATCHER_H

#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

/// One imported symbol and what shall be called in its place.
struct Redirection {
   const char *fSymbol;
   void *fReplacement;
   /// Library (beginning of its file name) without which the redirection is useless, e.g. "libTree.".
   const char *fRequiredIn;
   std::vector<std::string> fLibraries; ///< out: where slots were found, one entry per slot
   bool IsComplete() const;
};

/// Rewrites the slots of all loaded libraries except our own: calls through the PLT, address-of through the GOT, and
/// entries of vtables. Returns a message if the operating system refused, else an empty string.
std::string Redirect(std::vector<Redirection> &redirections);

} // namespace Internal
} // namespace RootBaler

#endif
