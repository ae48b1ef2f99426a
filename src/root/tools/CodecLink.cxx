#include "CodecLink.h"

#include "BranchKind.h"
#include "Models.h"

#include <TList.h>

namespace RootBaler {
namespace Internal {

namespace {

// Arrays and the leaves of leaf lists are no columns of models; a model with such a name has their bound.
void SetLeafBounds(TTree &tree, const ModelInfo &model, Codec &codec)
{
   for (const ModelColumn &column : model.fColumns) {
      TBranch *branch = FindTopBranch(tree, column.fName);
      if (!branch || !ColumnType(*branch))
         codec.SetBound(column.fName, column.fBound);
   }
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
   for (const std::string &path : plan.fModels) {
      codec.AddModelFile(path);
      for (const ModelInfo &model : DescribeModels(path))
         if (!model.fHasNetwork)
            SetLeafBounds(tree, model, codec);
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
