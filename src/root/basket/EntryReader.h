// The entries of a branch as its baskets hold them: bytes, and where each entry begins.
#ifndef ROOTBALER_ENTRYREADER_H
#define ROOTBALER_ENTRYREADER_H

#include "support/ErrorTrap.h"

#include <TBranch.h>

#include <memory>
#include <string>
#include <vector>

namespace RootBaler {
namespace Internal {

/// Some consecutive entries of a branch.
struct EntryBytes {
   std::vector<char> fBytes;    ///< big-endian, as ROOT streams them
   std::vector<Int_t> fBegins;  ///< of each entry in fBytes, if they have offsets
   Int_t fEntrySize = 0;        ///< of each, if they have none
   Long64_t fEntries = 0;
};

/// Reads whole baskets and checks them; knows nothing of classes and leaves. The branch must belong to a tree that
/// nobody else reads. Reading drops baskets that are on file from memory.
class EntryReader {
public:
   EntryReader(TBranch &branch, ErrorTrap &trap);
   ~EntryReader();
   EntryReader(const EntryReader &) = delete;
   EntryReader &operator=(const EntryReader &) = delete;

   /// Appends the entries [first, end) to `out`. Throws Error (corrupt) where the file does not have them.
   void Read(Long64_t first, Long64_t end, EntryBytes &out);
   /// Throws Error (corrupt): the entries from this one on are not what they should be.
   [[noreturn]] void ThrowUnreadable(Long64_t entry) const;

private:
   void Load(Long64_t entry);
   void Drop();
   void FindBegins(TBranch &counter);

   TBranch &fBranch;
   ErrorTrap &fTrap;
   std::unique_ptr<EntryReader> fCounts; ///< of the counter, where ROOT makes the offsets from it
   const char *fValues = nullptr;        ///< of the basket that is loaded
   Long64_t fLength = 0;                 ///< of fValues
   Int_t fEntrySize = 0;
   std::vector<Int_t> fBegins; ///< of the entries in fValues and where the last one ends; empty: fEntrySize each
   Int_t fNumber = -1;            ///< of the basket that is loaded
   Long64_t fFirst = 0, fEnd = 0; ///< entries of the basket that is loaded
};

} // namespace Internal
} // namespace RootBaler

#endif
