// Rows to learn from, taken from a bounded number of clusters.
#include "basket/FindTrees.h"
#include "basket/LockedReads.h"
#include "basket/RowReader.h"
#include "codec/BranchKind.h"
#include "sample/ColumnLeaf.h"
#include "sample/SampleFiles.h"
#include "support/Check.h"
#include "support/Progress.h"
#include "RootBaler/Tools.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <memory>
#include <numeric>
#include <optional>
#include <random>

namespace RootBaler {
namespace Internal {

namespace {

// Reading a cluster costs a seek and a decompression however few of its rows are taken.
constexpr std::size_t kMaxClusters = 64;

struct Cluster {
   TTree *fTree;
   Long64_t fFirst;
   Long64_t fEnd;
   std::vector<std::size_t> fPicked; ///< entries, counted from fFirst, ascending
   std::size_t Size() const { return static_cast<std::size_t>(fEnd - fFirst); }
};

struct SampleDeleter {
   void operator()(RbSample *sample) const { rb_sample_free(sample); }
};
using SamplePtr = std::unique_ptr<RbSample, SampleDeleter>;

std::size_t EntriesIn(const std::vector<Cluster> &clusters)
{
   std::size_t entries = 0;
   for (const Cluster &cluster : clusters)
      entries += cluster.Size();
   return entries;
}

template <typename T>
std::int64_t Native(const char *bytes)
{
   T value;
   std::memcpy(&value, bytes, sizeof value);
   return static_cast<std::int64_t>(value);
}

// A native integer; -1 for a type that is none.
std::int64_t Integer(RbType type, const char *bytes)
{
   switch (type) {
   case RB_I8: return Native<std::int8_t>(bytes);
   case RB_U8: return Native<std::uint8_t>(bytes);
   case RB_I16: return Native<std::int16_t>(bytes);
   case RB_U16: return Native<std::uint16_t>(bytes);
   case RB_I32: return Native<std::int32_t>(bytes);
   case RB_U32: return Native<std::uint32_t>(bytes);
   case RB_I64: return Native<std::int64_t>(bytes);
   case RB_U64: return Native<std::uint64_t>(bytes);
   default: return -1;
   }
}

/// Takes a sample of a fixed size from some trees of one file after the other.
class Sampler {
public:
   Sampler(const SampleRequest &request, SampleFiles &files, const Progress &progress)
      : fRequest(request), fFiles(files), fProgress(progress), fRandom(request.fSeed), fValues(request.fColumns.size()),
        fTypes(request.fColumns.size()), fPresent(request.fColumns.size()), fIsLeftOut(request.fColumns.size())
   {
   }

   SamplePtr Take()
   {
      for (std::size_t i = 0; i < fRequest.fFiles.size(); ++i)
         TakeFile(i);
      if (std::count(fTypes.begin(), fTypes.end(), std::nullopt) != 0)
         throw Error(EStatus::kBadArgument, "there is nothing to learn from: the trees have no entries");
      if (fEntries > 0)
         fInfo.fTotalRows = static_cast<std::uint64_t>(static_cast<double>(fInfo.fRows) / fEntries * fAllEntries);
      return Make();
   }

   const SampleInfo &Info() const { return fInfo; }

private:
   void TakeFile(std::size_t index)
   {
      ErrorTrap &trap = fFiles.Trap();
      TFile &file = fFiles.Open(fRequest.fFiles[index]);
      std::vector<Cluster> clusters;
      for (const std::string &path : fRequest.fTrees)
         AddClusters(GetTree(file, path, trap), clusters);
      Pick(clusters, fRequest.fMaxRows / fRequest.fFiles.size());
      for (std::size_t i = 0; i < fRequest.fColumns.size(); ++i) {
         Report(fProgress, "sampling", index * fRequest.fColumns.size() + i,
                fRequest.fColumns.size() * fRequest.fFiles.size());
         TakeColumn(i, clusters);
      }
   }

   void AddClusters(TTree &tree, std::vector<Cluster> &clusters)
   {
      auto next = tree.GetClusterIterator(0);
      const Long64_t entries = tree.GetEntries();
      ReadWithoutCache(tree);
      fAllEntries += static_cast<double>(entries);
      for (Long64_t first = next(); first < entries; first = next())
         clusters.push_back({&tree, first, std::min<Long64_t>(next.GetNextEntry(), entries), {}});
   }

   // The same entries in every column.
   void Pick(std::vector<Cluster> &clusters, std::uint64_t maxRows)
   {
      const double rowsPerEntry = RowsPerEntry(clusters);
      auto maxEntries = static_cast<std::size_t>(static_cast<double>(maxRows) / std::max(rowsPerEntry, 1e-6));
      if (EntriesIn(clusters) > maxEntries && clusters.size() > kMaxClusters) {
         std::vector<Cluster> some;
         std::sample(clusters.begin(), clusters.end(), std::back_inserter(some), kMaxClusters, fRandom);
         clusters.swap(some);
      }
      const std::size_t there = EntriesIn(clusters);
      const double share = std::min(1.0, static_cast<double>(maxEntries) /
                                            static_cast<double>(std::max<std::size_t>(there, 1)));
      for (Cluster &cluster : clusters) {
         auto missing = static_cast<std::size_t>(static_cast<double>(cluster.Size()) * share);
         for (std::size_t i = 0; i < cluster.Size() && missing > 0; ++i) {
            if (fRandom() % (cluster.Size() - i) < missing) {
               cluster.fPicked.push_back(i);
               --missing;
            }
         }
         fEntries += static_cast<double>(cluster.fPicked.size());
      }
   }

   // From the size of the branch: reading the counts would read the whole file.
   double RowsPerEntry(const std::vector<Cluster> &clusters) const
   {
      double rows = 0;
      double entries = 0;
      TTree *last = nullptr;
      for (const Cluster &cluster : clusters) {
         if (cluster.fTree == last || fRequest.fColumns.empty())
            continue;
         last = cluster.fTree;
         const ColumnLeaf column = FindLeaf(fFiles.Names(*last), fRequest.fColumns[0].fName);
         entries += static_cast<double>(last->GetEntries());
         rows += column.fLayout.fIsVariable ? static_cast<double>(RowsOf(*column.fBranch, column.fLayout))
                                            : static_cast<double>(last->GetEntries()) *
                                                 static_cast<double>(column.fSize / WidthOf(column.fType));
      }
      return entries > 0 ? rows / entries : 1;
   }

   void TakeColumn(std::size_t index, const std::vector<Cluster> &clusters)
   {
      if (fIsLeftOut[index])
         return;
      const std::string &name = fRequest.fColumns[index].fName;
      const bool isForeign = !fRequest.fColumns[index].fIndex.empty();
      std::vector<char> elements;
      std::vector<char> &values = isForeign ? elements : fValues[index];
      std::unique_ptr<RowReader> reader;
      TTree *tree = nullptr;
      ColumnLeaf column;
      std::vector<std::uint32_t> counts;
      Rows rows;
      for (const Cluster &cluster : clusters) {
         if (cluster.fTree != tree) {
            tree = cluster.fTree;
            column = FindLeaf(fFiles.Names(*tree), name);
            if (fTypes[index] && *fTypes[index] != column.fType)
               throw Error(EStatus::kBadArgument, "branch '" + name +
                                                     "' has different types in different trees: "
                                                     "compress them one by one with --tree");
            fTypes[index] = column.fType;
            reader = std::make_unique<RowReader>(*column.fBranch, column.fLayout);
         }
         rows.fBytes.clear();
         rows.fCounts.clear();
         reader->Read(cluster.fFirst, cluster.Size(), rows);
         Append(rows, cluster, column, values, counts);
      }
      if (clusters.empty())
         return;
      if (isForeign) {
         Point(index, elements, counts);
         return;
      }
      const std::size_t newRows = fValues[index].size() / WidthOf(*fTypes[index]);
      if (index == 0) {
         fInfo.fRows = newRows;
         fCounts.insert(fCounts.end(), counts.begin(), counts.end());
         fIsJagged = column.fLayout.fIsVariable;
      } else if (newRows != fInfo.fRows || !std::equal(counts.begin(), counts.end(), fCounts.end() - counts.size())) {
         LeaveOut(index); // a member of a collection that its objects do not always have
      }
   }

   void LeaveOut(std::size_t index)
   {
      fIsLeftOut[index] = true;
      fValues[index].clear();
      if (fRequest.fColumns[index].fIndex.empty())
         fInfo.fLeftOut.push_back(fRequest.fColumns[index].fName);
   }

   static void Append(const Rows &rows, const Cluster &cluster, const ColumnLeaf &column, std::vector<char> &values,
                      std::vector<std::uint32_t> &counts)
   {
      const std::size_t rowSize = column.fLayout.RowSize();
      std::size_t entry = 0;
      std::size_t row = 0;
      for (const std::size_t picked : cluster.fPicked) {
         for (; entry < picked; ++entry)
            row += column.fLayout.fIsVariable ? rows.fCounts[entry] : 1;
         const std::size_t n = column.fLayout.fIsVariable ? rows.fCounts[entry] : 1;
         for (std::size_t i = row; i < row + n; ++i) {
            const char *from = rows.fBytes.data() + i * rowSize + column.fOffset;
            values.insert(values.end(), from, from + column.fSize);
         }
         if (column.fLayout.fIsVariable)
            counts.push_back(static_cast<std::uint32_t>(n));
      }
   }

   // Appends to a foreign column the elements that its index points to, for the entries taken last.
   void Point(std::size_t index, const std::vector<char> &elements, const std::vector<std::uint32_t> &counts)
   {
      std::size_t by = 0;
      while (by < index && fRequest.fColumns[by].fName != fRequest.fColumns[index].fIndex)
         ++by;
      if (by == index || counts.size() > fCounts.size())
         throw Error(EStatus::kBadArgument, "branch '" + fRequest.fColumns[index].fName + "' needs column '" +
                                               fRequest.fColumns[index].fIndex + "' before it, and a counter");
      if (fIsLeftOut[by]) {
         LeaveOut(index);
         return;
      }
      const std::size_t width = WidthOf(*fTypes[index]);
      const std::size_t indexWidth = WidthOf(*fTypes[by]);
      const auto own = fCounts.end() - static_cast<std::ptrdiff_t>(counts.size());
      const char *place = fValues[by].data() + fValues[by].size() -
                          indexWidth * std::accumulate(own, fCounts.end(), std::size_t(0));
      const char *entry = elements.data();
      for (std::size_t i = 0; i < counts.size(); ++i) {
         for (std::uint32_t row = 0; row < own[static_cast<std::ptrdiff_t>(i)]; ++row, place += indexWidth) {
            const std::int64_t at = Integer(*fTypes[by], place);
            const bool isPresent = at >= 0 && at < counts[i];
            fPresent[index].push_back(isPresent);
            if (isPresent)
               fValues[index].insert(fValues[index].end(), entry + width * at, entry + width * (at + 1));
            else
               fValues[index].resize(fValues[index].size() + width);
         }
         entry += width * counts[i];
      }
   }

   SamplePtr Make()
   {
      RbSample *raw = nullptr;
      Check(fIsJagged ? rb_sample_new_jagged(fCounts.data(), fCounts.size(), &raw)
                      : rb_sample_new(static_cast<std::size_t>(fInfo.fRows), &raw),
            "cannot start a sample");
      SamplePtr sample(raw);
      for (std::size_t i = 0; i < fRequest.fColumns.size(); ++i) {
         const SampleColumn &column = fRequest.fColumns[i];
         if (fIsLeftOut[i])
            continue;
         if (!column.fIndex.empty())
            Check(rb_sample_add_foreign(sample.get(), column.fName.c_str(), column.fIndex.c_str(), *fTypes[i],
                                        Values(i), fPresent[i].data()),
                  "branch '" + column.fName + "'");
         else
            Check(rb_sample_add(sample.get(), column.fName.c_str(), *fTypes[i], column.fBound.c_str(), column.fSigma,
                                Values(i)),
                  "branch '" + column.fName + "'");
         fValues[i] = {};
      }
      return sample;
   }

   // C wants aligned values and no null pointer
   const void *Values(std::size_t index)
   {
      fAligned.assign(fValues[index].size() / sizeof(std::uint64_t) + 1, 0);
      std::memcpy(fAligned.data(), fValues[index].data(), fValues[index].size());
      return fAligned.data();
   }

   const SampleRequest &fRequest;
   SampleFiles &fFiles;
   const Progress &fProgress;
   std::mt19937_64 fRandom;
   std::vector<std::vector<char>> fValues;      ///< of each column, native
   std::vector<std::optional<RbType>> fTypes;   ///< of each column
   std::vector<std::vector<std::uint8_t>> fPresent; ///< of each foreign column: whether a row's index points to a value
   std::vector<bool> fIsLeftOut; ///< of each column
   std::vector<std::uint32_t> fCounts; ///< rows of each entry, if they have a counter
   std::vector<std::uint64_t> fAligned;
   bool fIsJagged = false;
   double fEntries = 0; ///< in the sample
   double fAllEntries = 0; ///< in the trees
   SampleInfo fInfo;
};

void BuildModel(const RbSample &sample, const std::string &path)
{
   RbModel *raw = nullptr;
   Check(rb_model_build(&sample, &raw), "cannot build a model");
   const std::unique_ptr<RbModel, decltype(&rb_model_free)> model(raw, &rb_model_free);
   std::size_t size = 0;
   const std::uint8_t *bytes = rb_model_bytes(model.get(), &size);
   std::ofstream out(path, std::ios::binary | std::ios::trunc);
   out.write(reinterpret_cast<const char *>(bytes), static_cast<std::streamsize>(size));
   out.close();
   if (!out)
      throw Error(EStatus::kIO, "cannot write the model '" + path + "': is the disk full?");
}

} // namespace

} // namespace Internal

std::vector<SampleInfo> TakeSamples(const std::vector<SampleOrder> &orders, const Progress &progress)
{
   Internal::SampleFiles files;
   std::vector<SampleInfo> infos;
   for (const SampleOrder &order : orders) {
      Internal::Sampler sampler(order.fRequest, files, progress);
      const auto sample = sampler.Take();
      if (order.fIsModel)
         Internal::BuildModel(*sample, order.fPath);
      else
         Internal::Check(rb_sample_write(sample.get(), order.fPath.c_str()),
                         "cannot write the sample '" + order.fPath + "'");
      infos.push_back(sampler.Info());
   }
   return infos;
}

} // namespace RootBaler
