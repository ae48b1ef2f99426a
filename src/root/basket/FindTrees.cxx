#include "basket/FindTrees.h"

#include "basket/BasketCheck.h"
#include "support/OpenFile.h"

namespace RootBaler {
namespace Internal {

namespace {

void CollectTrees(TDirectory &dir, const std::string &prefix, std::vector<std::string> &paths, ErrorTrap &trap)
{
   for (TKey *key : CurrentKeys(dir)) {
      const std::string path = prefix + key->GetName();
      if (IsTree(*key)) {
         paths.push_back(path);
      } else if (IsDirectory(*key)) {
         auto *sub = dir.GetDirectory(key->GetName());
         if (!sub)
            trap.Throw(EStatus::kCorrupt, std::string("cannot read directory '") + path + "'");
         CollectTrees(*sub, path + "/", paths, trap);
      }
   }
}

} // namespace

std::vector<std::string> TreePaths(TFile &file, ErrorTrap &trap)
{
   std::vector<std::string> paths;
   CollectTrees(file, "", paths, trap);
   return paths;
}

TTree &GetTree(TFile &file, const std::string &path, ErrorTrap &trap)
{
   auto *tree = file.Get<TTree>(path.c_str());
   if (tree && !trap.HasError()) {
      CheckBaskets(*tree);
      return *tree;
   }
   if (trap.HasError())
      trap.Throw(EStatus::kCorrupt, "cannot read tree '" + path + "' of '" + file.GetName() + "'");
   std::string names;
   for (const std::string &name : TreePaths(file, trap))
      names += (names.empty() ? "" : ", ") + name;
   throw Error(EStatus::kMissing, std::string("'") + file.GetName() + "' has no tree '" + path + "'; it has " +
                                     (names.empty() ? "no trees" : names));
}

} // namespace Internal
} // namespace RootBaler
