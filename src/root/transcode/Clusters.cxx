#include "transcode/Clusters.h"

#include <TBranch.h>
#include <TTree.h>

#include <algorithm>

namespace RootBaler {
namespace Internal {

namespace {

constexpr Long64_t kMaxClusterEntries = 100000;
// Of a cluster, each branch has its basket in both trees, and a buffer for what it is compressed to.
constexpr Long64_t kMaxClusterBytes = 48LL * 1024 * 1024;
// Readers that find them in their cache (of 64 MB for each thread) decode no basket twice.
constexpr Long64_t kMaxContextBytes = 48LL * 1024 * 1024;
// ROOT splits baskets of more than 16 MB; entries differ in size, so this leaves room.
constexpr Long64_t kMaxBasketBytes = 8LL * 1024 * 1024;

} // namespace

Long64_t ClusterEntries(TTree &tree, std::uint64_t contextBytes)
{
   const Long64_t entries = std::max<Long64_t>(tree.GetEntries(), 1);
   const Long64_t entryBytes = std::max<Long64_t>(tree.GetTotBytes() / entries, 1);
   const Long64_t entryContexts = std::max<Long64_t>(static_cast<Long64_t>(contextBytes) / entries, 1);
   Long64_t most = std::clamp<Long64_t>(kMaxClusterBytes / entryBytes, 1, kMaxClusterEntries);
   most = std::clamp<Long64_t>(kMaxContextBytes / entryContexts, 1, most);
   for (TObject *branch : *tree.GetListOfBranches()) {
      const Long64_t bytes = std::max<Long64_t>(static_cast<TBranch *>(branch)->GetTotBytes("*") / entries, 1);
      most = std::clamp<Long64_t>(kMaxBasketBytes / bytes, 1, most);
   }
   // equal clusters: a short last one would be coded without having filled its tables
   const Long64_t clusters = (entries + most - 1) / most;
   return (entries + clusters - 1) / clusters;
}

} // namespace Internal
} // namespace RootBaler
