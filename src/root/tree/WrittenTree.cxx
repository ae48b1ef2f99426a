#include "tree/WrittenTree.h"

#include "basket/BasketLayout.h"
#include "codec/BranchKind.h"
#include "support/Check.h"
#include "support/Message.h"

#include <TBranch.h>
#include <TTree.h>

#include <algorithm>
#include <string>

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

namespace {

bool HasColumnOf(const BranchNames &names, const Model &model)
{
   for (std::size_t i = 0; i < model.Columns(); ++i) {
      if (model.Foreign(i))
         continue;
      const std::string name = model.Name(i);
      TBranch *branch = FindColumnBranch(names.Tree(), name);
      if (branch && ColumnType(*branch) == model.Type(i) && IsJagged(*branch) == model.IsJagged())
         return true;
      // arrays, members of classes and leaves of leaf lists have their bound in a model of their own
      if (!model.HasNetwork() && (names.Find(name) || names.Find(name.substr(0, name.rfind('.')))))
         return true;
   }
   return false;
}

} // namespace

void WrittenTree::CheckModels(TTree &tree, const std::vector<ModelPtr> &models)
{
   std::call_once(fIsChecked, [&] {
      const BranchNames names(tree);
      const auto fits = [&names](const ModelPtr &model) { return HasColumnOf(names, *model); };
      if (!models.empty() && std::none_of(models.begin(), models.end(), fits))
         WarningOnce(std::string("tree ") + tree.GetName() + " has none of the branches of its codec's " +
                     (models.size() == 1 ? "model" : "models") +
                     ", so it is written without: attach a codec that was trained on such a tree");
   });
}

std::optional<std::uint64_t> WrittenTree::ColumnOf(TTree &tree, TBranch &branch)
{
   for (const std::uint64_t column : fTable.Update(tree))
      Check(rb_write_session_forget(fSession.get(), column));
   return fTable.ColumnOf(branch);
}

} // namespace Internal
} // namespace RootBaler
