#include "basket/FindTrees.h"

#include "basket/BasketCheck.h"
#include "support/OpenFile.h"

#include <algorithm>

namespace RootBaler {
namespace Internal {

namespace {

struct TreePlace {
   std::string fPath;
   TDirectory *fDirectory;
   TKey *fKey;
};

void CollectTrees(TDirectory &dir, const std::string &prefix, std::vector<TreePlace> &places, ErrorTrap &trap)
{
   for (TKey *key : CurrentKeys(dir)) {
      const std::string path = prefix + key->GetName();
      if (IsTree(*key))
         places.push_back({path, &dir, key});
      else if (IsDirectory(*key))
         CollectTrees(Subdirectory(dir, *key, trap), path + "/", places, trap);
   }
}

bool IsNTuple(const TKey &key)
{
   return std::string(key.GetClassName()).find("RNTuple") != std::string::npos;
}

std::vector<TreePlace> TreePlaces(TFile &file, ErrorTrap &trap)
{
   std::vector<TreePlace> places;
   CollectTrees(file, "", places, trap);
   return places;
}

void CollectOlder(TDirectory &dir, const std::string &prefix, std::vector<OlderTree> &trees, ErrorTrap &trap)
{
   for (TObject *object : *dir.GetListOfKeys()) {
      auto *key = static_cast<TKey *>(object);
      const std::string path = prefix + key->GetName();
      const bool isNewest = dir.GetKey(key->GetName()) == key;
      if (IsTree(*key) && !isNewest)
         trees.push_back({path, path + ";" + std::to_string(key->GetCycle()), &dir, key});
      else if (IsDirectory(*key) && isNewest)
         CollectOlder(Subdirectory(dir, *key, trap), path + "/", trees, trap);
   }
}

} // namespace

std::vector<OlderTree> OlderTrees(TFile &file, ErrorTrap &trap)
{
   std::vector<OlderTree> trees;
   CollectOlder(file, "", trees, trap);
   return trees;
}

std::string FirstNTuple(TDirectory &dir, ErrorTrap &trap, const std::string &prefix)
{
   for (TKey *key : CurrentKeys(dir)) {
      const std::string path = prefix + key->GetName();
      if (IsNTuple(*key))
         return path;
      const std::string below = IsDirectory(*key) ? FirstNTuple(Subdirectory(dir, *key, trap), trap, path + "/")
                                                  : std::string();
      if (!below.empty())
         return below;
   }
   return "";
}

std::vector<std::string> TreePaths(TFile &file, ErrorTrap &trap)
{
   std::vector<std::string> paths;
   for (const TreePlace &place : TreePlaces(file, trap))
      paths.push_back(place.fPath);
   return paths;
}

TTree &ReadTree(TDirectory &dir, TKey &key, const std::string &path, ErrorTrap &trap)
{
   // by the key, not by a path: names may have slashes, colons and semicolons in them
   auto *tree = dynamic_cast<TTree *>(key.ReadObj());
   if (!tree)
      trap.Throw(EStatus::kCorrupt, "cannot read tree '" + path + "' of '" + dir.GetFile()->GetName() + "'");
   trap.Clear();
   CheckBaskets(*tree);
   return *tree;
}

TTree &GetTree(TFile &file, const std::string &path, ErrorTrap &trap)
{
   const auto places = TreePlaces(file, trap);
   const auto place = std::find_if(places.begin(), places.end(), [&](const TreePlace &p) { return p.fPath == path; });
   if (place != places.end()) {
      // what was read before, if it can be told by its name
      auto *known = dynamic_cast<TTree *>(place->fDirectory->GetList()->FindObject(place->fKey->GetName()));
      return known ? *known : ReadTree(*place->fDirectory, *place->fKey, path, trap);
   }
   std::string names;
   for (const TreePlace &other : places)
      names += (names.empty() ? "" : ", ") + other.fPath;
   throw Error(EStatus::kMissing, std::string("'") + file.GetName() + "' has no tree '" + path + "'; it has " +
                                     (names.empty() ? "no trees" : names));
}

} // namespace Internal
} // namespace RootBaler
