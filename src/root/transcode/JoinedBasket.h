// A basket that is made of entries read from other baskets, not filled.
#ifndef ROOTBALER_JOINEDBASKET_H
#define ROOTBALER_JOINEDBASKET_H

#include "basket/EntryReader.h"

#include <string>

namespace RootBaler {
namespace Internal {

/// Puts entries of a branch like it into the basket `number` of `branch`, which is being written.
void PutEntries(TBranch &branch, const EntryBytes &entries, Int_t number);

/// Writes that basket; `tree` names the tree if that fails.
void WriteBasket(TBranch &branch, Int_t number, const std::string &tree);

} // namespace Internal
} // namespace RootBaler

#endif
