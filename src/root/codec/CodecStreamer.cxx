// What of a codec is stored where. Each model is in a file once, as a key at its top; the codecs of its trees name it.
// A codec that is not written to a file (a clone, a message) takes its models along.
#include "codec/CodecState.h"
#include "support/Message.h"
#include "codec/ModelRegistry.h"
#include "RootBaler/Codec.h"

#include <TBuffer.h>
#include <TFile.h>
#include <TKey.h>
#include <TList.h>
#include <TROOT.h>
#include <TVirtualMutex.h>

#include <algorithm>
#include <cstring>

namespace RootBaler {

namespace {

bool HasCodec(TFile &file)
{
   for (TObject *obj : *file.GetListOfKeys())
      if (std::strcmp(static_cast<TKey *>(obj)->GetClassName(), Codec::Class()->GetName()) == 0)
         return true;
   return false;
}

} // namespace

std::string Codec::KeyName(ULong64_t modelHash)
{
   return "RootBalerCodec_" + Internal::HashText(modelHash);
}

void Codec::WriteKey(TDirectory *directory) const
{
   TFile *file = directory ? directory->GetFile() : nullptr;
   if (!file || !file->IsWritable())
      throw RootBaler::Error(EStatus::kBadArgument, "Codec::WriteKey: no writable file");
   R__LOCKGUARD(gROOTMutex); // baskets of the same file may be written by other threads
   auto write = [file](Codec &key, ULong64_t hash) {
      key.fIsKey = true;
      const std::string name = KeyName(hash);
      if (file->WriteTObject(&key, name.c_str()) == 0)
         throw RootBaler::Error(EStatus::kIO,
                                std::string("file ") + file->GetName() + ": writing the key " + name + " failed");
   };
   if (fMode == kGroup)
      for (const auto &model : State().Models()) {
         if (!model->HasNetwork() || file->GetListOfKeys()->FindObject(KeyName(model->Hash()).c_str()))
            continue;
         Codec key;
         key.AddModel(model->Bytes());
         write(key, model->Hash());
      }
   if (!HasCodec(*file)) {
      Codec empty;
      write(empty, 0);
   }
}

// What the tree's UserInfo needs beside the keys. Alone-standing baskets need no model to be read; but whoever fills a
// copy of the tree must round as before, so that values that were rounded once stay where they are.
Codec Codec::Reduced() const
{
   Codec reduced(*this);
   reduced.fModelBytes.clear();
   reduced.fModelSizes.clear();
   for (const auto &model : State().Models()) {
      if (fMode == kGroup && model->HasNetwork())
         reduced.fModelHashes.push_back(model->Hash());
      else
         reduced.AddModel(model->QuantisersOnly());
   }
   return reduced;
}

void Codec::FetchModels(TFile *file)
{
   std::vector<ULong64_t> missing;
   for (const ULong64_t hash : fModelHashes) {
      if (const auto model = Internal::FindModel(hash, nullptr, file))
         AddModel(model->Bytes());
      else
         missing.push_back(hash); // whoever reads a basket that needs it will say so
   }
   fModelHashes = missing;
}

void Codec::Streamer(TBuffer &buffer)
{
   auto *file = dynamic_cast<TFile *>(buffer.GetParent());
   try { // ROOT calls this
      if (buffer.IsReading()) {
         buffer.ReadClassBuffer(Codec::Class(), this);
         fState.reset();
         // reduced ones have no networks
         const auto models = State().Models();
         fIsKey = file && std::any_of(models.begin(), models.end(), [](const auto &m) { return m->HasNetwork(); });
         FetchModels(file);
         return;
      }
      if (!fIsKey && file && file->IsWritable()) {
         WriteKey(file);
         Codec reduced = Reduced();
         buffer.WriteClassBuffer(Codec::Class(), &reduced);
         return;
      }
   } catch (const std::exception &error) {
      Internal::ErrorOnce(error.what());
      if (buffer.IsReading())
         return;
   }
   buffer.WriteClassBuffer(Codec::Class(), this);
}

} // namespace RootBaler
