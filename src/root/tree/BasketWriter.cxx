#include "tree/BasketWriter.h"

#include "basket/BasketLayout.h"
#include "codec/CodecState.h"
#include "support/Check.h"
#include "support/MergedLater.h"
#include "support/Message.h"
#include "tree/BasketContext.h"
#include "tree/SnapshotCodecs.h"
#include "RootBaler/Codec.h"

#include <TBasket.h>
#include <TBranch.h>
#include <TFile.h>
#include <TList.h>
#include <TTree.h>

#include <algorithm>
#include <mutex>
#include <numeric>

namespace RootBaler {
namespace Internal {

namespace {

// The codec of a tree that is being written. A tree without one gets that of its Snapshot, or else an empty one, so that
// the file loads the plugin when it is read.
Codec &CodecForWriting(TTree &tree)
{
   static std::mutex mutex; // ROOT may flush the branches of a tree in parallel
   {
      std::lock_guard<std::mutex> lock(mutex);
      if (Codec *codec = Codec::Of(&tree))
         return *codec;
   }
   const auto ordered = SnapshotCodecOf(tree);
   std::lock_guard<std::mutex> lock(mutex);
   if (Codec *codec = Codec::Of(&tree))
      return *codec;
   auto *codec = ordered ? new Codec(*ordered) : new Codec;
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

// The rows of a basket, and behind them its entry offsets. False where this is a piece of a basket (ROOT cuts them at
// 16 MB, also within a value), or where there is more, such as displacements.
bool HasRows(const TBasket &basket, const BasketLayout &layout, std::size_t size, std::size_t &dataSize)
{
   if (static_cast<Long64_t>(size) != basket.GetObjlen() || basket.GetNevBuf() <= 0 ||
       basket.GetLast() < basket.GetKeylen())
      return false;
   const std::size_t entries = static_cast<std::size_t>(basket.GetNevBuf());
   const std::size_t offsets = 4 * (entries + 2);
   dataSize = static_cast<std::size_t>(basket.GetLast() - basket.GetKeylen());
   if (size != dataSize && size != dataSize + offsets)
      return false;
   if (layout.fIsStreamed)
      return true; // the core looks at each entry
   return layout.fIsVariable ? dataSize % layout.RowSize() == 0
                             : dataSize == entries * layout.fRowsPerEntry * layout.RowSize();
}

bool NeedsOthers(const BranchPlan &plan)
{
   return plan.fModel->IsJagged() || !plan.fModel->Parents(plan.fColumn).empty();
}

} // namespace

bool BeginBasket(TBranch &branch, TBasket &basket, Int_t where)
{
   if (!IsOurs(branch) || !branch.GetTree())
      return false;
   const auto layout = LayoutOf(branch);
   TTree &tree = *branch.GetTree();
   if (!layout || IsCircular(tree))
      return false;
   Codec &codec = CodecForWriting(tree);
   CodecState &state = codec.State();
   TFile *file = branch.GetFile(1);
   if (file && file->IsWritable() && !IsMergedLater(*file))
      state.EnsureKey(codec, *file);
   std::vector<WriteHistory::Role> roles;
   const BranchPlan plan = state.Plan(branch, *layout);
   if (codec.GetMode() != Codec::kSingle && FindColumnBranch(tree, branch.GetName()) == &branch) {
      if (plan.fModel && (plan.fModel->IsParent(plan.fColumn) || NeedsOthers(plan)))
         roles.push_back({plan.fModel, plan.fColumn});
      for (const ModelPtr &model : state.Models())
         for (const std::size_t column : model->ForeignOf(branch.GetName()))
            roles.push_back({model, column});
   }
   const bool isCounter = state.History().IsCounter(branch);
   if (isCounter || CounterOf(branch))
      roles.push_back({nullptr, 0, isCounter});
   if (roles.empty())
      return false;
   state.History().Begin(branch, basket, where, roles);
   return true;
}

void EndBasket(TBranch &branch)
{
   CodecForWriting(*branch.GetTree()).State().History().End(branch);
}

namespace {

// True if readers will see the values of a parent as its column in the model has them. With other bounds they would not.
bool IsKept(CodecState &state, TTree &tree, const ModelPtr &model, std::size_t parent)
{
   const auto foreign = model->Foreign(parent);
   TBranch *branch = FindColumnBranch(tree, foreign ? foreign->fBranch : model->Name(parent));
   const auto layout = branch ? LayoutOf(*branch) : std::nullopt;
   if (!layout)
      return false;
   const BranchPlan plan = state.Plan(*branch, *layout);
   if (!foreign)
      return plan.fModel == model;
   return plan.fModel && plan.fModel->QuantisesLike(plan.fColumn, *model, parent) &&
          IsKept(state, tree, model, foreign->fIndex);
}

WriteHistory::Gathered GatherParents(CodecState &state, const WriteContext &context, const BranchPlan &plan,
                                     const std::vector<std::uint32_t> &counts)
{
   TBranch &branch = *context.fBasket->GetBranch();
   if (!NeedsOthers(plan) || context.fWhere < 0)
      return {};
   const auto parents = plan.fModel->Parents(plan.fColumn);
   for (std::uint32_t parent : parents)
      if (!IsKept(state, *branch.GetTree(), plan.fModel, parent))
         return {};
   const Long64_t first = branch.GetBasketEntry()[context.fWhere];
   return state.History().Gather(branch, plan.fModel, parents, first,
                                 static_cast<std::size_t>(context.fBasket->GetNevBuf()), counts);
}

// Elements of the entries of a basket, if readers will know them from its counter and they are those of its bytes.
std::vector<std::uint32_t> CountsOf(CodecState &state, const WriteContext &context, std::size_t rows)
{
   TBranch &branch = *context.fBasket->GetBranch();
   if (context.fWhere < 0 || !CounterOf(branch))
      return {};
   auto counts = state.History().CountsOf(branch, branch.GetBasketEntry()[context.fWhere],
                                          static_cast<std::size_t>(context.fBasket->GetNevBuf()));
   if (std::accumulate(counts.begin(), counts.end(), std::size_t(0)) != rows)
      counts.clear();
   return counts;
}

// What goes into a block, and where it goes.
struct Job {
   int fLevel;
   const std::vector<std::uint32_t> &fCounts; // elements of the entries; empty if readers do not know them
   const std::uint8_t *fSource;
   std::size_t fSize, fDataSize;
   std::uint8_t *fBlock;
   std::size_t fCapacity;
};

RbContext Known(const Job &job)
{
   return {nullptr, 0, !job.fCounts.empty(), job.fCounts.data(), job.fCounts.size()};
}

RbStatus EncodeWithModel(CodecState &state, const WriteContext &context, const BranchPlan &plan, bool single,
                         const Job &job, std::size_t &length, std::size_t &alone)
{
   // Without the counts of all entries readers could not follow.
   single |= plan.fModel->IsJagged() && job.fCounts.empty();
   const auto gathered = single ? WriteHistory::Gathered() : GatherParents(state, context, plan, job.fCounts);
   RbContext known = Known(job);
   std::vector<RbSeen> parents;
   for (const auto &parent : gathered.fContexts)
      parents.push_back(parent.Data());
   if (!parents.empty()) {
      known.parents = parents.data();
      known.rows = std::min(gathered.fRows, job.fDataSize / WidthOf(plan.fModel->Type(plan.fColumn)));
   }
   return rb_encode_model(plan.fModel->Get(), plan.fColumn, single, job.fLevel, &known, job.fSource, job.fSize,
                          job.fDataSize, job.fBlock, job.fCapacity, &length, &alone);
}

RbStatus EncodeAlone(const BranchPlan &plan, const BasketLayout &layout, const Job &job, std::size_t &length)
{
   if (layout.fIsStreamed)
      return rb_encode_vectors(plan.fLeaves[0].get(), job.fLevel, job.fSource, job.fSize, job.fDataSize, job.fBlock,
                               job.fCapacity, &length);
   std::vector<const RbColumn *> columns;
   std::vector<std::uint32_t> counts;
   for (std::size_t i = 0; i < layout.fLeaves.size(); ++i) {
      columns.push_back(plan.fLeaves[i].get());
      counts.push_back(layout.fLeaves[i].fCount);
   }
   const RbContext known = Known(job);
   return rb_encode_columns(columns.data(), counts.data(), columns.size(), &known, job.fLevel, job.fSource, job.fSize,
                            job.fDataSize, job.fBlock, job.fCapacity, &length);
}

} // namespace

bool EncodeBasket(const WriteContext &context, int level, const char *src, int size, char *tgt, int capacity,
                  int &written)
{
   TBranch &branch = *context.fBasket->GetBranch();
   const auto layout = LayoutOf(branch);
   TTree *tree = branch.GetTree();
   std::size_t dataSize = 0;
   if (!layout || !tree || IsCircular(*tree) || size <= 0 || !HasRows(*context.fBasket, *layout, size, dataSize))
      return false;
   Codec &codec = CodecForWriting(*tree);
   CodecState &state = codec.State();
   const BranchPlan plan = state.Plan(branch, *layout);
   if (plan.fModel && FindColumnBranch(*tree, branch.GetName()) != &branch)
      throw Error(EStatus::kIncompatible, "tree " + std::string(tree->GetName()) + " has several branches " +
                                             branch.GetName() + " and the model one");
   const auto counts = CountsOf(state, context, dataSize / layout->RowSize());
   const Job job{level, counts, reinterpret_cast<const std::uint8_t *>(src), static_cast<std::size_t>(size), dataSize,
                 reinterpret_cast<std::uint8_t *>(tgt), static_cast<std::size_t>(capacity)};
   std::size_t length = 0, alone = 0;
   const RbStatus status = plan.fModel ? EncodeWithModel(state, context, plan, codec.GetMode() == Codec::kSingle, job,
                                                         length, alone)
                                       : EncodeAlone(plan, *layout, job, length);
   if (status != RB_OK)
      throw Error(static_cast<EStatus>(status), Describe(branch, branch.GetFile(1)) + ": " + rb_last_error());
   RbBlockInfo info{};
   if (length == 0 || rb_block_info(job.fBlock, length, &info) != RB_OK || info.kind == RB_KIND_BYTES)
      return false; // ROOT's own zstd does the same with a shorter header
   written = static_cast<int>(length);
   if (info.kind == RB_KIND_MODEL)
      state.AddSaving(*plan.fModel, alone - length);
   return true;
}

} // namespace Internal
} // namespace RootBaler
