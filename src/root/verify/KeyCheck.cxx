#include "verify/KeyCheck.h"

#include "basket/BasketRecord.h"
#include "basket/PlainRecord.h"
#include "codec/CodecLink.h"
#include "support/OpenFile.h"

#include <TClass.h>
#include <TList.h>
#include <TStreamerElement.h>
#include <TStreamerInfo.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <memory>
#include <set>

namespace RootBaler {
namespace Internal {

namespace {

struct KeyPlace {
   TKey *fKey;
   TFile *fFile;
};

void Collect(TDirectory &dir, const std::string &prefix, std::map<std::string, KeyPlace> &keys, ErrorTrap &trap)
{
   for (TObject *object : *dir.GetListOfKeys()) {
      auto &key = *static_cast<TKey *>(object);
      const std::string path = prefix + key.GetName();
      const std::string name = path + ";" + std::to_string(key.GetCycle());
      if (IsDirectory(key)) {
         keys[path + "/"] = {nullptr, nullptr};
         Collect(Subdirectory(dir, key, trap), path + "/", keys, trap);
      } else if (!IsCodec(key.GetClassName())) {
         keys[name] = {&key, dir.GetFile()};
      }
   }
}

/// What a file says of a class: its versions, and the names that the types of its members are made of.
struct Described {
   std::set<int> fVersions;
   std::set<std::string> fMembers;
   bool fIsTree = false; ///< a tree, a branch or a leaf
};
using Descriptions = std::map<std::string, Described>;

void AddWords(const std::string &type, std::set<std::string> &words)
{
   const auto isName = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == ':'; };
   for (auto at = type.begin(); at != type.end();) {
      const auto end = std::find_if_not(at, type.end(), isName);
      words.emplace(at, end);
      at = std::find_if(end, type.end(), isName);
   }
}

Descriptions StreamerInfos(TFile &file)
{
   Descriptions classes;
   const std::unique_ptr<TList> list(file.GetStreamerInfoList());
   if (!list)
      return classes;
   for (TObject *object : *list) {
      const auto *info = dynamic_cast<TStreamerInfo *>(object);
      if (!info || IsCodec(info->GetName()))
         continue;
      Described &described = classes[info->GetName()];
      described.fVersions.insert(info->GetClassVersion());
      for (TObject *element : *info->GetElements()) {
         const auto &member = *static_cast<TStreamerElement *>(element);
         AddWords(member.IsBase() ? member.GetName() : member.GetTypeName(), described.fMembers);
      }
      const TClass *known = TClass::GetClass(info->GetName(), false, true);
      described.fIsTree = known && (known->InheritsFrom("TTree") || known->InheritsFrom("TBranch") ||
                                    known->InheritsFrom("TLeaf"));
   }
   list->Delete();
   return classes;
}

/// The classes that objects of the classes in `open` may be made of, themselves included.
std::set<std::string> Closure(const Descriptions &classes, std::vector<std::string> open)
{
   std::set<std::string> found;
   while (!open.empty()) {
      const std::string name = std::move(open.back());
      open.pop_back();
      const auto described = classes.find(name);
      if (!found.insert(name).second || described == classes.end())
         continue;
      open.insert(open.end(), described->second.fMembers.begin(), described->second.fMembers.end());
   }
   return found;
}

/// The classes that only trees themselves are made of: a tree written anew (hadd) has its own versions of them.
std::set<std::string> OfTreesOnly(const Descriptions &classes, const std::map<std::string, KeyPlace> &keys)
{
   std::vector<std::string> trees, others;
   for (const auto &[name, described] : classes)
      if (described.fIsTree)
         trees.push_back(name);
   std::set<std::string> ofTrees = Closure(classes, trees);
   for (const auto &one : classes)
      if (ofTrees.count(one.first) == 0)
         others.push_back(one.first);
   for (const auto &one : keys)
      if (const TKey *key = one.second.fKey; key && !IsTree(*key))
         others.emplace_back(key->GetClassName());
   for (const std::string &name : Closure(classes, others))
      ofTrees.erase(name);
   return ofTrees;
}

bool IsSame(const KeyPlace &one, const KeyPlace &other)
{
   if (!one.fKey || !other.fKey)
      return !one.fKey && !other.fKey;
   if (std::string(one.fKey->GetClassName()) != other.fKey->GetClassName())
      return false;
   if (IsTree(*one.fKey))
      return true; // compared branch by branch
   const auto content = [](const KeyPlace &place) {
      const std::string what = std::string("'") + place.fKey->GetName() + "'";
      return PlainRecord(ReadWhole(*place.fFile, place.fKey->GetSeekKey(), place.fKey->GetNbytes(), what));
   };
   return content(one) == content(other);
}

} // namespace

std::vector<std::string> CheckKeys(TFile &before, TFile &after, ErrorTrap &trap)
{
   std::map<std::string, KeyPlace> ones, others;
   Collect(before, "", ones, trap);
   Collect(after, "", others, trap);
   std::vector<std::string> problems;
   for (const auto &[name, place] : ones) {
      const auto other = others.find(name);
      if (other == others.end())
         problems.push_back("'" + name + "' is missing");
      else if (!IsSame(place, other->second))
         problems.push_back("'" + name + "' differs");
   }
   for (const auto &one : others)
      if (ones.count(one.first) == 0)
         problems.push_back("'" + one.first + "' is not in the original");
   const Descriptions originals = StreamerInfos(before), infos = StreamerInfos(after);
   const std::set<std::string> ofTrees = OfTreesOnly(originals, ones);
   for (const auto &[name, described] : originals) {
      const auto found = infos.find(name);
      for (const int version : described.fVersions)
         if (ofTrees.count(name) == 0 && (found == infos.end() || found->second.fVersions.count(version) == 0))
            problems.push_back("the description (StreamerInfo) of class " + name + " version " +
                               std::to_string(version) + " is missing");
   }
   return problems;
}

} // namespace Internal
} // namespace RootBaler
