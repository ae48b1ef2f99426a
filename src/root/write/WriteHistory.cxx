#include "WriteHistory.h"

#include "../ColumnBranch.h"
#include "RootBaler/Setting.h"

#include <TBasket.h>
#include <TBranch.h>
#include <TBufferFile.h>
#include <TTree.h>

#include <algorithm>
#include <limits>
#include <set>

namespace RootBaler {
namespace Internal {

namespace {

constexpr std::size_t kMaxValues = 128u << 20; // 256 MB; what is older is forgotten and costs ratio only

std::size_t RowsIn(const TBasket &basket, std::size_t width)
{
   TBuffer *buffer = basket.GetBufferRef();
   if (!buffer || buffer->TestBit(TBufferFile::kNotDecompressed) || buffer->Length() < basket.GetKeylen())
      return 0;
   const std::size_t bytes = static_cast<std::size_t>(buffer->Length() - basket.GetKeylen());
   return std::min<std::size_t>(basket.GetNevBuf(), bytes / width);
}

} // namespace

Int_t BasketNumber(TBranch &branch, const TBasket &basket)
{
   TObjArray &baskets = *branch.GetListOfBaskets();
   const Int_t last = branch.GetWriteBasket();
   for (Int_t i = std::min(last, baskets.GetLast()); i >= 0; --i)
      if (baskets.UncheckedAt(i) == &basket)
         return i;
   return -1;
}

// Brings the context of the basket in memory up to its last entry.
void WriteHistory::UpdateLive(Column &column, TBasket &basket, Int_t where, Long64_t first)
{
   Segment &live = column.fLive;
   const std::size_t width = WidthOf(column.fModel->Type(column.fColumn));
   const std::size_t rows = RowsIn(basket, width);
   if (live.fWhere != where || live.fFirst != first || live.fContext.size() > rows)
      live = Segment{first, where, {}};
   const std::size_t known = live.fContext.size();
   if (rows == known)
      return;
   const char *values = basket.GetBufferRef()->Buffer() + basket.GetKeylen() + known * width;
   const auto more = column.fModel->Context(column.fColumn, values, rows - known);
   live.fContext.insert(live.fContext.end(), more.begin(), more.end());
}

TBranch *WriteHistory::Find(TTree &tree, const std::string &name)
{
   const Int_t n = tree.GetListOfBranches()->GetEntriesFast();
   if (n != fNBranches) {
      fBranches.clear();
      fNBranches = n;
   }
   auto known = fBranches.find(name);
   if (known == fBranches.end())
      known = fBranches.emplace(name, FindColumnBranch(tree, name)).first;
   return known->second;
}

void WriteHistory::Begin(TBranch &branch, TBasket &basket, Int_t where, const ModelPtr &model, std::size_t index)
{
   const Long64_t first = branch.GetBasketEntry()[where];
   std::lock_guard<std::mutex> lock(fMutex);
   Column &column = fColumns[&branch];
   if (column.fModel && (column.fModel != model || first < column.fEnd)) {
      // The tree was reset and is filled anew: what we know is about other entries.
      for (auto &other : fColumns)
         other.second = Column();
      fValues = 0;
   }
   column.fModel = model;
   column.fColumn = index;
   column.fIsWriting = true;
   if (model->IsParent(index)) {
      UpdateLive(column, basket, where, first);
      fValues += column.fLive.fContext.size();
      column.fWritten.push_back(std::move(column.fLive));
      column.fLive = Segment{0, -1, {}};
   }
   column.fEnd = first + basket.GetNevBuf();
}

void WriteHistory::End(TBranch &branch)
{
   std::lock_guard<std::mutex> lock(fMutex);
   fColumns[&branch].fIsWriting = false;
   DropPassed(*branch.GetTree());
}

// Appends to `out` the entries from `first` that are known without a gap.
void WriteHistory::Copy(Column &column, TBranch &branch, Long64_t first, std::size_t rows,
                        std::vector<std::int16_t> &out)
{
   auto append = [&](const Segment &segment) {
      const Long64_t next = first + static_cast<Long64_t>(out.size());
      if (out.size() >= rows || next < segment.fFirst || next >= segment.End())
         return;
      const std::size_t from = static_cast<std::size_t>(next - segment.fFirst);
      const std::size_t n = std::min(segment.fContext.size() - from, rows - out.size());
      out.insert(out.end(), segment.fContext.begin() + from, segment.fContext.begin() + from + n);
   };
   const Int_t current = branch.GetWriteBasket();
   for (const Segment &segment : column.fWritten)
      if (segment.fWhere < current || column.fIsWriting) // else the tree was reset since
         append(segment);
   if (out.size() >= rows || column.fIsWriting)
      return;
   TObjArray &baskets = *branch.GetListOfBaskets();
   if (current > baskets.GetLast())
      return;
   if (auto *basket = static_cast<TBasket *>(baskets.UncheckedAt(current))) {
      UpdateLive(column, *basket, current, branch.GetBasketEntry()[current]);
      append(column.fLive);
   }
}

WriteHistory::Gathered WriteHistory::Gather(TTree &tree, const ModelPtr &model,
                                            const std::vector<std::uint32_t> &parents, Long64_t first,
                                            std::size_t rows)
{
   Gathered gathered;
   gathered.fRows = rows;
   std::lock_guard<std::mutex> lock(fMutex);
   for (std::uint32_t parent : parents) {
      gathered.fContexts.emplace_back();
      TBranch *branch = Find(tree, model->Name(parent));
      // Only branches that we write ourselves leave a history and hold still while we look at them.
      if (!branch || ColumnType(*branch) != model->Type(parent) || branch->GetCompressionAlgorithm() != kAlgorithm ||
          branch->GetCompressionLevel() == 0) {
         gathered.fRows = 0;
         break;
      }
      Column &column = fColumns[branch];
      if (!column.fModel) {
         column.fModel = model;
         column.fColumn = parent;
      }
      Copy(column, *branch, first, gathered.fRows, gathered.fContexts.back());
      gathered.fRows = std::min(gathered.fRows, gathered.fContexts.back().size());
      if (gathered.fRows == 0)
         break;
   }
   return gathered;
}

// Forgets what every branch that could need it has passed.
void WriteHistory::DropPassed(TTree &tree)
{
   std::set<ModelPtr> models;
   for (auto &entry : fColumns)
      if (entry.second.fModel)
         models.insert(entry.second.fModel);
   Long64_t passed = std::numeric_limits<Long64_t>::max();
   for (const ModelPtr &model : models)
      for (std::size_t i = 0; i < model->Columns(); ++i) {
         TBranch *child = model->Parents(i).empty() ? nullptr : Find(tree, model->Name(i));
         if (!child || child->TestBit(kDoNotProcess) || child->GetCompressionAlgorithm() != kAlgorithm)
            continue;
         auto known = fColumns.find(child);
         passed = std::min(passed, known == fColumns.end() ? 0 : known->second.fEnd);
      }
   for (auto &entry : fColumns) {
      auto &written = entry.second.fWritten;
      while (!written.empty() && (written.front().End() <= passed || fValues > kMaxValues)) {
         fValues -= written.front().fContext.size();
         written.pop_front();
      }
   }
}

} // namespace Internal
} // namespace RootBaler
