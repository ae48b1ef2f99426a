// The table of a branch that says which basket holds which entries, checked: it comes from the file.
#ifndef ROOTBALER_BASKETLIST_H
#define ROOTBALER_BASKETLIST_H

#include <Rtypes.h>

class TBranch;

namespace RootBaler {
namespace Internal {

struct EntryRange {
   Long64_t fFirst = 0;
   Long64_t fEnd = 0;
};

/// Number of baskets with entries, on file or in memory.
Int_t Baskets(TBranch &branch);
/// Number of the basket that lies at `pos` in the file. Throws Error if there is none.
Int_t BasketAt(TBranch &branch, Long64_t pos);
/// Number of the basket that holds `entry`, on file or in memory; -1 if there is none.
Int_t BasketWith(TBranch &branch, Long64_t entry);
/// Its entries as the table has them, unchecked.
EntryRange EntriesInTable(TBranch &branch, Int_t number);
/// Its entries; at least one. Throws Error for a table that cannot be.
EntryRange EntriesOf(TBranch &branch, Int_t number);

} // namespace Internal
} // namespace RootBaler

#endif
