// Small baskets of a branch that we do not code, put together: compressed as one they take fewer bytes.
#ifndef ROOTBALER_JOINEDRECORD_H
#define ROOTBALER_JOINEDRECORD_H

#include <vector>

namespace RootBaler {
namespace Internal {

/// The records of consecutive baskets as one record, without compression; nothing if they cannot be joined.
/// The entries must mean the same wherever they are (IsSelfContained).
std::vector<char> JoinRecords(const std::vector<std::vector<char>> &records);

} // namespace Internal
} // namespace RootBaler

#endif
