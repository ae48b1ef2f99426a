#include "basket/FindTrees.h"
#include "codec/BranchKind.h"
#include "codec/CodecLink.h"
#include "support/OpenFile.h"
#include "RootBaler/Tools.h"

namespace RootBaler {

std::vector<TreeInfo> ListTrees(const std::string &path)
{
   Internal::ErrorTrap trap;
   const auto file = Internal::OpenForReading(path, trap);
   std::vector<TreeInfo> trees;
   for (const std::string &name : Internal::TreePaths(*file, trap)) {
      TTree &tree = Internal::GetTree(*file, name, trap);
      TreeInfo info;
      info.fPath = name;
      info.fTitle = tree.GetTitle();
      info.fEntries = static_cast<std::uint64_t>(tree.GetEntries());
      const Internal::TreeCodec codec(tree);
      const Internal::BranchNames names(tree);
      for (TObject *branch : *tree.GetListOfBranches()) {
         info.fBranches.push_back(Internal::InfoOf(names, *static_cast<TBranch *>(branch)));
         for (const std::string &bound : info.fBranches.back().fBoundNames)
            info.fPromises.push_back({bound, codec.BoundOf(bound), codec.RequestOf(bound)});
      }
      trees.push_back(std::move(info));
   }
   const std::string other = trees.empty() ? Internal::FirstNTuple(*file, trap) : "";
   if (!other.empty())
      throw Error(EStatus::kIncompatible, "'" + other + "' in '" + path +
                                             "' is an RNTuple, which this version of RootBaler does not compress: it "
                                             "takes trees, and there are none");
   return trees;
}

} // namespace RootBaler
