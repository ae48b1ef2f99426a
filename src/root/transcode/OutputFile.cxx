#include "transcode/OutputFile.h"

#include "codec/CodecLink.h"

#include <TArrayC.h>
#include <TKey.h>
#include <TROOT.h>
#include <TStreamerInfo.h>

#include <set>
#include <utility>

namespace RootBaler {
namespace Internal {

namespace {

// A reproducible file has none (see TFile's constructor).
bool HasIdentifier(TFile &file)
{
   return std::string(file.GetUUID().AsString()) != "00000000-0000-0000-0000-000000000000";
}

} // namespace

OutputFile::OutputFile(const std::string &path, TFile &like, int setting, ErrorTrap &trap)
   : TFile(path.c_str(), "CREATE", like.GetTitle(), setting), fGiven(like.GetStreamerInfoList())
{
   if (IsZombie() || !IsOpen())
      trap.Throw(EStatus::kIO, "cannot create '" + path + "'");
   if (!HasIdentifier(like))
      SetBit(TFile::kReproducible);
   if (fGiven)
      fGiven->SetOwner();
}

OutputFile::~OutputFile()
{
   Close(); // while this class is there to write the StreamerInfos
}

// TFile::WriteStreamerInfo, but for where the list comes from: that of the original, as it is, then what was written
// here and is not in it.
void OutputFile::WriteStreamerInfo()
{
   if (!IsWritable() || !fClassIndex || !gROOT->GetListOfStreamerInfo())
      return;
   TList list;
   std::set<std::pair<std::string, Int_t>> known;
   TObject *rules = nullptr; // a list of the rules of schema evolution, behind all others
   for (TObject *object : fGiven ? *fGiven : list) {
      const auto *info = dynamic_cast<TVirtualStreamerInfo *>(object);
      if (!info) {
         rules = object;
         continue;
      }
      if (IsCodec(info->GetName()))
         continue; // an ordinary file has none, and whoever writes one adds it
      known.insert({info->GetName(), info->GetClassVersion()});
      list.Add(object);
   }
   for (TObject *object : *static_cast<TCollection *>(gROOT->GetListOfStreamerInfo())) {
      const auto *info = static_cast<TStreamerInfo *>(object);
      const Int_t number = info->GetNumber();
      if (number >= 0 && number < fClassIndex->GetSize() && fClassIndex->At(number) &&
          known.insert({info->GetName(), info->GetClassVersion()}).second)
         list.Add(object);
   }
   if (rules)
      list.Add(rules);
   if (list.IsEmpty())
      return;
   fClassIndex->AddAt(0, 0); // nothing is new any more
   const int setting = GetCompressionSettings();
   SetCompressionSettings(1); // as TFile does
   TKey key(&list, "StreamerInfo", GetBestBuffer(), this);
   fKeys->Remove(&key);
   fSeekInfo = key.GetSeekKey();
   fNbytesInfo = key.GetNbytes();
   SumBuffer(key.GetObjlen());
   key.WriteFile(0);
   SetCompressionSettings(setting);
}

} // namespace Internal
} // namespace RootBaler
