// The entries of a branch as its baskets hold them: bytes, and where each entry begins.
#ifndef ROOTBALER_ENTRYREADER_H
#define ROOTBALER_ENTRYREADER_H

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

/// Reads whole baskets and checks them; knows nothing of classes and leaves. The branch must belong to a tree that is
/// read by EntryReaders alone; these may be in several threads, and several on one branch. Baskets that are on file do
/// not stay in memory.
class EntryReader {
public:
   explicit EntryReader(TBranch &branch);
   ~EntryReader() = default;
   EntryReader(const EntryReader &) = delete;
   EntryReader &operator=(const EntryReader &) = delete;

   /// Appends the entries [first, end) to `out`. Throws Error (corrupt) where the file does not have them.
   void Read(Long64_t first, Long64_t end, EntryBytes &out);
   /// Throws Error (corrupt): the entries from this one on are not what they should be.
   [[noreturn]] void ThrowUnreadable(Long64_t entry) const;

private:
   void Load(Long64_t entry);
   void TakeBasket(Int_t number, Long64_t entry, Long64_t entries);
   void FindBegins(TBranch &counter);
   std::string Unreadable(Long64_t entry) const;

   TBranch &fBranch;
   std::unique_ptr<EntryReader> fCounts; ///< of the counter, where ROOT makes the offsets from it
   std::vector<char> fValues;            ///< of the basket that was read last
   Int_t fEntrySize = 0;
   std::vector<Int_t> fBegins; ///< of the entries in fValues and where the last one ends; empty: fEntrySize each
   Long64_t fFirst = 0, fEnd = 0; ///< entries of the basket that was read last
};

} // namespace Internal
} // namespace RootBaler

#endif
