#include "tree/WrittenTree.h"

#include "support/Check.h"

namespace RootBaler {
namespace Internal {

WrittenTree::WrittenTree(const RbCodec &codec)
{
   const RbTable table = fTable.Callbacks();
   RbWriteSession *session = nullptr;
   Check(rb_write_session_new(&codec, &table, &session));
   fSession.reset(session);
}

std::uint64_t WrittenTree::Saved(const Model &model) const
{
   return rb_write_session_saved(fSession.get(), model.Hash());
}

std::optional<std::uint64_t> WrittenTree::ColumnOf(TTree &tree, TBranch &branch)
{
   for (const std::uint64_t column : fTable.Update(tree))
      Check(rb_write_session_forget(fSession.get(), column));
   return fTable.ColumnOf(branch);
}

} // namespace Internal
} // namespace RootBaler
