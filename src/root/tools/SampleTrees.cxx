// Rows to learn from, taken from a bounded number of clusters.
#include "BranchKind.h"
#include "BasketLayout.h"
#include "ColumnReader.h"
#include "CoreCall.h"
#include "OpenFile.h"
#include "RootBaler/Tools.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <random>

namespace RootBaler {
namespace Internal {

namespace {

// Reading a cluster costs a seek and a decompression however few of its rows are taken.
constexpr std::size_t kMaxClusters = 64;

struct Cluster {
   std::size_t fTree;
   Long64_t fFirst;
   Long64_t fEnd;
   std::size_t fTake = 0;
};

struct SampleDeleter {
   void operator()(RbSample *sample) const { rb_sample_free(sample); }
};
using SamplePtr = std::unique_ptr<RbSample, SampleDeleter>;

std::vector<Cluster> ClustersOf(const std::vector<TTree *> &trees)
{
   std::vector<Cluster> clusters;
   for (std::size_t t = 0; t < trees.size(); ++t) {
      auto next = trees[t]->GetClusterIterator(0);
      const Long64_t entries = trees[t]->GetEntries();
      for (Long64_t first = next(); first < entries; first = next())
         clusters.push_back({t, first, std::min<Long64_t>(next.GetNextEntry(), entries)});
   }
   return clusters;
}

// Says how many rows each cluster gives, so that the sum is at most maxRows.
void ShareRows(std::vector<Cluster> &clusters, std::uint64_t maxRows, std::mt19937_64 &random)
{
   std::uint64_t total = 0;
   for (const Cluster &cluster : clusters)
      total += static_cast<std::uint64_t>(cluster.fEnd - cluster.fFirst);
   if (total <= maxRows) {
      for (Cluster &cluster : clusters)
         cluster.fTake = static_cast<std::size_t>(cluster.fEnd - cluster.fFirst);
      return;
   }
   if (clusters.size() > kMaxClusters) {
      std::shuffle(clusters.begin(), clusters.end(), random);
      clusters.resize(kMaxClusters);
      std::sort(clusters.begin(), clusters.end(), [](const Cluster &a, const Cluster &b) {
         return a.fTree != b.fTree ? a.fTree < b.fTree : a.fFirst < b.fFirst;
      });
      total = 0;
      for (const Cluster &cluster : clusters)
         total += static_cast<std::uint64_t>(cluster.fEnd - cluster.fFirst);
   }
   const double share = std::min(1.0, static_cast<double>(maxRows) / static_cast<double>(total));
   for (Cluster &cluster : clusters)
      cluster.fTake = static_cast<std::size_t>(static_cast<double>(cluster.fEnd - cluster.fFirst) * share);
}

// The same rows in every column: offsets in a cluster, ascending.
std::vector<std::size_t> PickRows(const Cluster &cluster, std::mt19937_64 &random)
{
   const auto size = static_cast<std::size_t>(cluster.fEnd - cluster.fFirst);
   std::vector<std::size_t> rows;
   rows.reserve(cluster.fTake);
   for (std::size_t i = 0, missing = cluster.fTake; i < size && missing > 0; ++i) {
      if (random() % (size - i) < missing) {
         rows.push_back(i);
         --missing;
      }
   }
   return rows;
}

template <typename T>
void ReadColumn(const std::vector<TTree *> &trees, const std::string &name, const std::vector<Cluster> &clusters,
                const std::vector<std::vector<std::size_t>> &rows, std::vector<T> &out, ErrorTrap &trap)
{
   std::vector<T> values;
   std::unique_ptr<ColumnReader> reader;
   std::size_t tree = trees.size();
   for (std::size_t c = 0; c < clusters.size(); ++c) {
      if (clusters[c].fTree != tree) {
         tree = clusters[c].fTree;
         reader = std::make_unique<ColumnReader>(*FindColumnBranch(*trees[tree], name), sizeof(T), trap);
      }
      values.resize(static_cast<std::size_t>(clusters[c].fEnd - clusters[c].fFirst));
      reader->Read(clusters[c].fFirst, values.size(), values.data());
      for (const std::size_t row : rows[c])
         out.push_back(values[row]);
   }
}

TBranch &ModelledBranch(TTree &tree, const std::string &path, const std::string &name)
{
   TBranch *branch = FindColumnBranch(tree, name);
   if (!branch || !IsModelled(tree, *branch))
      throw Error(EStatus::kMissing, "tree '" + path + "' has no scalar Float_t or Double_t branch '" + name + "'");
   return *branch;
}

SamplePtr TakeSample(const SampleRequest &request, std::uint64_t &rowCount, const Progress &progress)
{
   ErrorTrap trap;
   const auto file = OpenForReading(request.fFile, trap);
   std::vector<TTree *> trees;
   for (const std::string &path : request.fTrees)
      trees.push_back(&GetTree(*file, path, trap));

   std::mt19937_64 random(request.fSeed);
   auto clusters = ClustersOf(trees);
   ShareRows(clusters, request.fMaxRows, random);
   std::vector<std::vector<std::size_t>> rows;
   rowCount = 0;
   for (const Cluster &cluster : clusters) {
      rows.push_back(PickRows(cluster, random));
      rowCount += rows.back().size();
   }

   RbSample *raw = nullptr;
   CheckCore(rb_sample_new(static_cast<std::size_t>(rowCount), &raw), "cannot start a sample");
   SamplePtr sample(raw);
   for (std::size_t i = 0; i < request.fColumns.size(); ++i) {
      const ColumnSpec &column = request.fColumns[i];
      Report(progress, "sampling", i, request.fColumns.size());
      bool isDouble = false;
      for (std::size_t t = 0; t < trees.size(); ++t) {
         const bool thisDouble = IsDouble(ModelledBranch(*trees[t], request.fTrees[t], column.fName));
         if (t > 0 && thisDouble != isDouble)
            throw Error(EStatus::kBadArgument, "branch '" + column.fName + "' has different types in trees '" +
                                                  request.fTrees[0] + "' and '" + request.fTrees[t] +
                                                  "': compress them one by one with --tree");
         isDouble = thisDouble;
      }
      std::vector<float> floats;
      std::vector<double> doubles;
      if (isDouble)
         ReadColumn(trees, column.fName, clusters, rows, doubles, trap);
      else
         ReadColumn(trees, column.fName, clusters, rows, floats, trap);
      const void *values = isDouble ? static_cast<const void *>(doubles.data()) : floats.data();
      CheckCore(rb_sample_add(sample.get(), column.fName.c_str(), isDouble ? RB_F64 : RB_F32, column.fBound.c_str(),
                              values),
                "branch '" + column.fName + "'");
   }
   Report(progress, "sampling", request.fColumns.size(), request.fColumns.size());
   return sample;
}

} // namespace

} // namespace Internal

std::uint64_t WriteSample(const SampleRequest &request, const std::string &path, const Progress &progress)
{
   std::uint64_t rows = 0;
   const auto sample = Internal::TakeSample(request, rows, progress);
   Internal::CheckCore(rb_sample_write(sample.get(), path.c_str()), "cannot write the sample '" + path + "'");
   return rows;
}

std::uint64_t BuildModel(const SampleRequest &request, const std::string &path, const Progress &progress)
{
   std::uint64_t rows = 0;
   const auto sample = Internal::TakeSample(request, rows, progress);
   RbModel *raw = nullptr;
   Internal::CheckCore(rb_model_build(sample.get(), &raw), "cannot build a model");
   const std::unique_ptr<RbModel, decltype(&rb_model_free)> model(raw, &rb_model_free);
   std::size_t size = 0;
   const std::uint8_t *bytes = rb_model_bytes(model.get(), &size);
   std::ofstream out(path, std::ios::binary | std::ios::trunc);
   out.write(reinterpret_cast<const char *>(bytes), static_cast<std::streamsize>(size));
   out.close();
   if (!out)
      throw Error(EStatus::kIO, "cannot write the model '" + path + "': is the disk full?");
   return rows;
}

} // namespace RootBaler
