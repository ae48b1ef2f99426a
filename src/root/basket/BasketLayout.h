// What the bytes of a branch's baskets mean: rows of numbers, for the branches where ROOT stores nothing else.
#ifndef ROOTBALER_BASKETLAYOUT_H
#define ROOTBALER_BASKETLAYOUT_H

#include <rootbaler/rootbaler.h>

#include <Rtypes.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

class TBranch;
class TFile;
class TTree;

namespace RootBaler {
namespace Internal {

/// The values of one leaf in a row.
struct LeafLayout {
   std::string fName;
   RbType fType;
   std::uint32_t fCount;
};

struct BasketLayout {
   /// Bytes before the elements of an entry if fStreamed: byte count, version, number of elements.
   static constexpr std::size_t kStreamedHeader = 10;
   /// Bytes before the values of a list if the elements are lists: their number.
   static constexpr std::size_t kListHeader = 4;

   std::vector<LeafLayout> fLeaves;
   bool fIsVariable = false; ///< a row is an element and entries have several; else a row is an entry
   std::uint32_t fStreamed = 0; ///< an RbStreamed if entries are collections as ROOT streams them: headers, elements
   bool fIsPacked = false;   ///< Float16_t or Double32_t: what is in memory is something else
   std::uint32_t fRowsPerEntry = 1; ///< more only for arrays of packed values; not if fIsVariable
   std::size_t RowSize() const;
};

/// True if the branch's baskets are written by RootBaler. (Those on file may have been written by others.)
bool IsOurs(const TBranch &branch);

/// How the baskets of a branch are made up; nothing if not of numbers alone (strings, objects).
std::optional<BasketLayout> LayoutOf(TBranch &branch);

/// The type of the values if the branch can be a column of a model: a class TBranch with one leaf, or a member of a
/// split class or collection, that is a number per entry or, with CounterOf(), per element.
std::optional<RbType> ColumnType(TBranch &branch);
/// The branch that says how many elements an entry of `branch` has, such as n for x[n], or the branch of the collection
/// for its members: one integer per entry, in the same tree. Null if `branch` has no such counter.
TBranch *CounterOf(TBranch &branch);
/// The branch of the counter of the branch's leaf, wherever it is; null if it has none.
TBranch *CountingBranch(TBranch &branch);
/// The type of the integers of a branch that can be a counter.
std::optional<RbType> CounterType(TBranch &branch);
/// True if the branch's leaf has a counter, wherever it is.
bool IsJagged(TBranch &branch);
/// Elements for each count of the counter: 3 in x[n][3].
std::uint32_t ElementsPerCount(TBranch &branch);

/// True if ROOT does not store where the branch's entries begin but makes it from their counter.
bool MakesOffsets(const TBranch &branch);

/// What the core's sessions ask of a branch, but for its counter, which has a number of each session's own.
RbColumnInfo ColumnInfoOf(TBranch &branch);

std::size_t WidthOf(RbType type);
/// "Float_t" and so on.
const char *NameOf(RbType type);

/// The branch with this name in `tree` itself (not in its friends) that has a ColumnType(), or nullptr.
TBranch *FindColumnBranch(TTree &tree, const std::string &name);
/// "file F, tree T, branch B", for messages.
std::string Describe(TBranch &branch, TFile *file);

} // namespace Internal
} // namespace RootBaler

#endif
