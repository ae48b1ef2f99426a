#include "verify/KeyCheck.h"

#include "basket/BasketRecord.h"
#include "basket/PlainRecord.h"
#include "codec/CodecLink.h"
#include "support/OpenFile.h"

#include <TList.h>
#include <TStreamerInfo.h>

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

std::set<std::string> StreamerInfos(TFile &file)
{
   std::set<std::string> infos;
   const std::unique_ptr<TList> list(file.GetStreamerInfoList());
   if (!list)
      return infos;
   for (TObject *object : *list)
      if (const auto *info = dynamic_cast<TStreamerInfo *>(object); info && !IsCodec(info->GetName()))
         infos.insert(std::string(info->GetName()) + " version " + std::to_string(info->GetClassVersion()));
   list->Delete();
   return infos;
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
   const auto infos = StreamerInfos(after);
   for (const std::string &info : StreamerInfos(before))
      if (infos.count(info) == 0)
         problems.push_back("the description (StreamerInfo) of class " + info + " is missing");
   return problems;
}

} // namespace Internal
} // namespace RootBaler
