// A tree that is being written: the core's session, and the tree's branches as its columns.
#ifndef ROOTBALER_WRITTENTREE_H
#define ROOTBALER_WRITTENTREE_H

#include "codec/CodecState.h"
#include "tree/TreeTable.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

class TBasket;
class TBranch;
class TTree;

namespace RootBaler {
namespace Internal {

/// Lives with the codec of the tree, so no longer than the tree.
class WrittenTree : public WriteState {
public:
   explicit WrittenTree(const RbCodec &codec);
   std::uint64_t Saved(const Model &model) const override;

   /// The column of a branch of `tree`; nothing if the tree does not have it.
   std::optional<std::uint64_t> ColumnOf(TTree &tree, TBranch &branch);
   /// Says so, once, if a codec with these models has nothing to say about the tree: it is meant for another.
   void CheckModels(TTree &tree, const std::vector<ModelPtr> &models);
   /// The same, without a look at the tree's other branches: another thread may be filling it.
   std::optional<std::uint64_t> ColumnOf(TBranch &branch) { return fTable.ColumnOf(branch); }
   RbWriteSession *Session() const { return fSession.get(); }

private:
   TreeTable fTable;
   std::once_flag fIsChecked;
   std::unique_ptr<RbWriteSession, decltype(&rb_write_session_free)> fSession{nullptr, rb_write_session_free};
};

} // namespace Internal
} // namespace RootBaler

#endif
