// What of a codec is stored where. Each model is in a file once, as a key at its top; the codecs of its trees name it.
// A codec that is not written to a file (a clone, a message) takes its models along.
#include "codec/CodecState.h"
#include "codec/CoreCodec.h"
#include "support/FileId.h"
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
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <set>
#include <string>

namespace RootBaler {

namespace {

bool HasCodec(TFile &file)
{
   for (TObject *obj : *file.GetListOfKeys())
      if (std::strcmp(static_cast<TKey *>(obj)->GetClassName(), Codec::Class()->GetName()) == 0)
         return true;
   return false;
}

// Files that this process copied a tree to: hadd writes it, and reads it again to fill it with what comes next.
std::set<std::uint64_t> &FilesOfCopies()
{
   static auto *files = new std::set<std::uint64_t>; // gROOTMutex guards it
   return *files;
}

void AddFileOfCopy(TFile &file)
{
   R__LOCKGUARD(gROOTMutex);
   FilesOfCopies().insert(Internal::FileId(file));
}

bool IsFileOfCopy(TFile &file)
{
   R__LOCKGUARD(gROOTMutex);
   return FilesOfCopies().count(Internal::FileId(file)) != 0;
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
   if (GetMode() == kGroup)
      for (const auto &model : State().Models()) {
         if (!model->HasNetwork() || file->GetListOfKeys()->FindObject(KeyName(model->Hash()).c_str()))
            continue;
         Codec key;
         Internal::Check(rb_codec_add_model(key.fCore.get(), model->Get()));
         write(key, model->Hash());
      }
   if (!HasCodec(*file)) {
      Codec empty;
      write(empty, 0);
   }
}

void Codec::FetchModels(TFile *file)
{
   std::size_t n = 0;
   const std::uint64_t *absent = rb_codec_absent(fCore.get(), &n);
   std::vector<Internal::ModelPtr> found; // the core looks among those that somebody holds
   for (std::size_t i = 0; i < n; ++i)
      found.push_back(Internal::FindModel(absent[i], nullptr, file));
   Internal::Check(rb_codec_fetch(fCore.get())); // who reads a basket that needs a missing one will say so
   Changed();
}

void Codec::Store()
{
   std::size_t size = 0;
   const auto *bytes = reinterpret_cast<const char *>(rb_codec_bytes(fCore.get(), RB_CODEC_BYTES, &size));
   fBytes.assign(bytes, bytes + size);
}

// The core reads the object, not ROOT: ROOT makes room for whatever length stands there, and takes any version of the
// class.
void Codec::Read(TBuffer &buffer, TFile *file)
{
   const Int_t begin = buffer.Length();
   const auto left = static_cast<std::size_t>(std::max(buffer.BufferSize() - begin, 0));
   UInt_t start = 0, bytes = 0;
   buffer.ReadVersion(&start, &bytes);
   fCore = Internal::NewCodec(rb_codec_new); // a damaged one is as good as empty
   fIsKey = false;
   fCameAlong = !file || IsFileOfCopy(*file);
   fWhyUnreadable.reset();
   Changed();
   try {
      fCore = Internal::NewCodec([&](RbCodec **out) {
         const auto *object = reinterpret_cast<const std::uint8_t *>(buffer.Buffer()) + begin;
         return rb_codec_parse(RB_CODEC_STREAMED, object, left, out);
      });
      TNamed::Streamer(buffer);
      // reduced ones have no networks
      const auto &models = State().Models();
      fIsKey = file && std::any_of(models.begin(), models.end(), [](const auto &m) { return m->HasNetwork(); });
      FetchModels(file);
   } catch (const std::exception &error) {
      const auto *own = dynamic_cast<const RootBaler::Error *>(&error);
      const EStatus status = own ? own->Status() : EStatus::kInternal;
      const std::string where = file ? std::string("file ") + file->GetName() + ", its codec: " : "a codec: ";
      fWhyUnreadable = std::make_shared<const RootBaler::Error>(status, where + error.what());
      Internal::ErrorOnce(fWhyUnreadable->what(), status);
   }
   buffer.SetBufferOffset(begin + static_cast<Int_t>(std::min<std::size_t>(bytes + sizeof bytes, left)));
}

void Codec::Streamer(TBuffer &buffer)
{
   auto *file = dynamic_cast<TFile *>(buffer.GetParent());
   if (buffer.IsReading()) {
      Read(buffer, file);
      return;
   }
   if (fCameAlong && file)
      AddFileOfCopy(*file);
   try { // ROOT calls this
      if (!fIsKey && file && file->IsWritable()) {
         WriteKey(file);
         RbCodec *core = nullptr;
         Internal::Check(rb_codec_reduced(fCore.get(), &core));
         Codec reduced = With(core);
         reduced.Store();
         buffer.WriteClassBuffer(Codec::Class(), &reduced);
         return;
      }
      Store();
   } catch (const std::exception &error) {
      Internal::ErrorOnce(error.what());
      Store();
   }
   buffer.WriteClassBuffer(Codec::Class(), this);
   fBytes.clear();
}

} // namespace RootBaler
