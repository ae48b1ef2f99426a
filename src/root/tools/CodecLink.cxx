#include "CodecLink.h"

#include "BranchKind.h"
#include "BasketLayout.h"
#include "Models.h"

#include <TList.h>

namespace RootBaler {
namespace Internal {

namespace {

void CheckFits(TTree &tree, const std::string &path, const ModelInfo &model)
{
   std::string missing;
   for (const ModelColumn &column : model.fColumns) {
      TBranch *branch = FindColumnBranch(tree, column.fName);
      if (!branch || !IsModelled(tree, *branch) || IsDouble(*branch) != column.fIsDouble)
         missing += (missing.empty() ? "'" : ", '") + column.fName + (column.fIsDouble ? "/D'" : "/F'");
   }
   if (!missing.empty())
      throw Error(EStatus::kIncompatible, "the model is for other branches: tree '" + path + "' has no scalar branch " +
                                             missing + "; train a model for it");
}

} // namespace

bool IsCodec(const std::string &className)
{
   return className == Codec::Class()->GetName();
}

void RemoveCodecs(TTree &tree)
{
   TList *info = tree.GetUserInfo();
   for (TObject *object = info->First(); object;) {
      TObject *next = info->After(object);
      if (IsCodec(object->ClassName())) {
         info->Remove(object);
         delete object;
      }
      object = next;
   }
}

void AttachCodec(TTree &tree, const TreePlan &plan, bool group)
{
   Codec codec;
   if (!plan.fModel.empty()) {
      CheckFits(tree, plan.fTree, DescribeModel(plan.fModel));
      codec.AddModelFile(plan.fModel);
   }
   for (const ColumnSpec &column : plan.fBounds) {
      if (!FindColumnBranch(tree, column.fName))
         throw Error(EStatus::kMissing, "tree '" + plan.fTree + "' has no scalar float branch '" + column.fName + "'");
      codec.SetBound(column.fName, column.fBound);
   }
   codec.SetMode(group ? Codec::kGroup : Codec::kSingle);
   codec.Attach(&tree);
}

TreeCodec::TreeCodec(TTree &tree) : fCodec(Codec::Of(&tree))
{
   if (!fCodec)
      return;
   for (std::size_t i = 0; i < fCodec->GetNModels(); ++i)
      fModels.push_back(InfoOf(Model(fCodec->GetModel(i))));
}

std::string TreeCodec::BoundOf(const std::string &branch) const
{
   return fCodec ? fCodec->GetBound(branch) : "lossless";
}

} // namespace Internal
} // namespace RootBaler
