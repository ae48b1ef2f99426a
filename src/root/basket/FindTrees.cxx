#include "basket/FindTrees.h"

#include "basket/BasketCheck.h"
#include "support/OpenFile.h"

#include <algorithm>
#include <functional>

namespace RootBaler {
namespace Internal {

namespace {

struct TreePlace {
   std::string fPath;
   TDirectory *fDirectory;
   TKey *fKey;
};

// Calls `visit` with the path, the directory, the key and whether it is the newest of its name, for each key that is no
// directory, in the directories below, too.
using Visit = std::function<void(const std::string &, TDirectory &, TKey &, bool)>;

void ForEachKey(TDirectory &dir, const std::string &prefix, ErrorTrap &trap, const Visit &visit)
{
   for (TObject *object : *dir.GetListOfKeys()) {
      auto &key = *static_cast<TKey *>(object);
      const std::string path = prefix + key.GetName();
      const bool isNewest = dir.GetKey(key.GetName()) == &key;
      if (!IsDirectory(key))
         visit(path, dir, key, isNewest);
      else if (isNewest)
         ForEachKey(Subdirectory(dir, key, trap), path + "/", trap, visit);
   }
}

std::vector<TreePlace> TreePlaces(TFile &file, ErrorTrap &trap)
{
   std::vector<TreePlace> places;
   ForEachKey(file, "", trap, [&](const std::string &path, TDirectory &dir, TKey &key, bool isNewest) {
      if (IsTree(key) && isNewest)
         places.push_back({path, &dir, &key});
   });
   return places;
}

} // namespace

std::vector<OlderTree> OlderTrees(TFile &file, ErrorTrap &trap)
{
   std::vector<OlderTree> trees;
   ForEachKey(file, "", trap, [&](const std::string &path, TDirectory &dir, TKey &key, bool isNewest) {
      if (IsTree(key) && !isNewest)
         trees.push_back({path, path + ";" + std::to_string(key.GetCycle()), &dir, &key});
   });
   return trees;
}

std::string FirstNTuple(TFile &file, ErrorTrap &trap)
{
   std::string first;
   ForEachKey(file, "", trap, [&](const std::string &path, TDirectory &, TKey &key, bool isNewest) {
      if (first.empty() && isNewest && std::string(key.GetClassName()).find("RNTuple") != std::string::npos)
         first = path;
   });
   return first;
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
