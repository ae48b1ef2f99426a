// How a codec gets to a tree and into its file.
#include "CodecState.h"
#include "RootBaler/Codec.h"

#include <TFile.h>
#include <TList.h>
#include <TROOT.h>
#include <TTree.h>
#include <TVirtualMutex.h>

namespace RootBaler {

void Codec::Attach(TTree *tree) const
{
   if (!tree)
      throw RootBaler::Error(EStatus::kBadArgument, "Codec::Attach: no tree");
   if (Codec *old = Of(tree)) {
      tree->GetUserInfo()->Remove(old);
      delete old;
   }
   tree->GetUserInfo()->Add(new Codec(*this));
   if (TDirectory *directory = tree->GetDirectory())
      if (TFile *file = directory->GetFile())
         if (file->IsWritable())
            WriteKey(file);
}

Codec *Codec::Of(TTree *tree)
{
   if (!tree)
      return nullptr;
   for (TObject *obj : *tree->GetUserInfo())
      if (auto *codec = dynamic_cast<Codec *>(obj))
         return codec;
   return nullptr;
}

void Codec::WriteKey(TDirectory *directory) const
{
   TFile *file = directory ? directory->GetFile() : nullptr;
   if (!file || !file->IsWritable())
      throw RootBaler::Error(EStatus::kBadArgument, "Codec::WriteKey: no writable file");
   R__LOCKGUARD(gROOTMutex); // baskets of the same file may be written by other threads
   const std::string name = KeyName();
   if (file->GetListOfKeys()->FindObject(name.c_str()))
      return;
   if (file->WriteTObject(this, name.c_str()) == 0)
      throw RootBaler::Error(EStatus::kIO, std::string("file ") + file->GetName() + ": writing the key " + name + " failed");
}

} // namespace RootBaler
