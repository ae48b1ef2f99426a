#include "BasketWriter.h"

#include "../Check.h"
#include "../CodecState.h"
#include "../ColumnBranch.h"
#include "../Message.h"
#include "../hooks/BasketContext.h"
#include "../hooks/Install.h"
#include "RootBaler/Codec.h"

#include <TBasket.h>
#include <TBranch.h>
#include <TFile.h>
#include <TList.h>
#include <TTree.h>

#include <mutex>

namespace RootBaler {
namespace Internal {

namespace {

// The codec of a tree that is being written. A tree without one gets an empty one, so that the file loads the plugin
// when it is read.
Codec &CodecForWriting(TTree &tree)
{
   static std::mutex mutex; // ROOT may flush the branches of a tree in parallel
   std::lock_guard<std::mutex> lock(mutex);
   if (Codec *codec = Codec::Of(&tree))
      return *codec;
   auto *codec = new Codec;
   tree.GetUserInfo()->Add(codec);
   return *codec;
}

bool IsCircular(TTree &tree)
{
   if (!tree.TestBit(TTree::kCircular))
      return false;
   WarningOnce(std::string("tree ") + tree.GetName() +
               " is circular, so its entries move between baskets; it is stored without loss with zstd");
   return true;
}

} // namespace

bool BeginBasket(TBranch &branch, TBasket &basket, Int_t where)
{
   if (branch.GetCompressionAlgorithm() != kAlgorithm || branch.GetCompressionLevel() == 0 || !branch.GetTree())
      return false;
   const auto type = ColumnType(branch);
   TTree &tree = *branch.GetTree();
   if (!type || !WhyNoWriting().empty() || IsCircular(tree))
      return false;
   Codec &codec = CodecForWriting(tree);
   TFile *file = branch.GetFile(1);
   if (file && file->IsWritable())
      codec.State().EnsureKey(codec, *file);
   if (codec.GetMode() == Codec::kSingle)
      return false;
   const ColumnPlan plan = codec.State().Plan(branch.GetName(), *type);
   if (!plan.fModel || FindColumnBranch(tree, branch.GetName()) != &branch)
      return false;
   if (!plan.fModel->IsParent(plan.fColumn) && plan.fModel->Parents(plan.fColumn).empty())
      return false;
   codec.State().History().Begin(branch, basket, where, plan.fModel, plan.fColumn);
   return true;
}

void EndBasket(TBranch &branch)
{
   CodecForWriting(*branch.GetTree()).State().History().End(branch);
}

namespace {

// Contexts of the parents, if they are coded with the same model: with other bounds readers would see other values.
WriteHistory::Gathered GatherParents(CodecState &state, const WriteContext &context, const ColumnPlan &plan,
                                     std::size_t rows)
{
   TBranch &branch = *context.fBasket->GetBranch();
   const auto parents = plan.fModel->Parents(plan.fColumn);
   if (parents.empty() || context.fWhere < 0)
      return {};
   for (std::uint32_t parent : parents)
      if (state.Plan(plan.fModel->Name(parent), plan.fModel->Type(parent)).fModel != plan.fModel)
         return {};
   const Long64_t first = branch.GetBasketEntry()[context.fWhere];
   return state.History().Gather(*branch.GetTree(), plan.fModel, parents, first, rows);
}

} // namespace

bool EncodeBasket(const WriteContext &context, int level, const char *src, int size, char *tgt, int capacity,
                  int &written)
{
   TBranch &branch = *context.fBasket->GetBranch();
   const auto type = ColumnType(branch);
   TTree *tree = branch.GetTree();
   if (!type || !tree || IsCircular(*tree))
      return false;
   const std::size_t rows = static_cast<std::size_t>(std::max(0, context.fBasket->GetNevBuf()));
   // A piece of a basket over 16 MB does not end between two values.
   if (rows == 0 || rows * WidthOf(*type) != static_cast<std::size_t>(size))
      return false;
   Codec &codec = CodecForWriting(*tree);
   CodecState &state = codec.State();
   const ColumnPlan plan = state.Plan(branch.GetName(), *type);
   if (plan.fModel && FindColumnBranch(*tree, branch.GetName()) != &branch)
      throw Error(EStatus::kIncompatible, "tree " + std::string(tree->GetName()) + " has several branches " +
                                             branch.GetName() + " and the model one");
   const auto *values = reinterpret_cast<const std::uint8_t *>(src);
   auto *block = reinterpret_cast<std::uint8_t *>(tgt);
   std::size_t length = 0;
   RbStatus status;
   if (plan.fModel) {
      const auto gathered = GatherParents(state, context, plan, rows);
      std::vector<const std::int16_t *> contexts;
      if (gathered.fRows > 0)
         for (const auto &parent : gathered.fContexts)
            contexts.push_back(parent.data());
      status = rb_encode_model(plan.fModel->Get(), plan.fColumn, codec.GetMode() == Codec::kSingle, level,
                               contexts.empty() ? nullptr : contexts.data(), gathered.fRows, values, size, block,
                               capacity, &length);
   } else {
      status = rb_encode_column(plan.fAlone.get(), level, values, size, block, capacity, &length);
   }
   if (status != RB_OK)
      throw Error(static_cast<EStatus>(status), Describe(branch, branch.GetFile(1)) + ": " + rb_last_error());
   written = static_cast<int>(length);
   return true;
}

} // namespace Internal
} // namespace RootBaler
