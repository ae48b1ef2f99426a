// What a Codec keeps in memory only: parsed models, and what writing keeps.
#ifndef ROOTBALER_CODECSTATE_H
#define ROOTBALER_CODECSTATE_H

#include "codec/CoreCodec.h"
#include "codec/Model.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

class TFile;

namespace RootBaler {

class Codec;

namespace Internal {

/// What writing a tree keeps with its codec. (Writing is above this room.)
class WriteState {
public:
   virtual ~WriteState() = default;
   /// About how many bytes blocks which need the model saved.
   virtual std::uint64_t Saved(const Model &model) const = 0;
};

class CodecState {
public:
   explicit CodecState(CoreCodec core);

   const std::vector<ModelPtr> &Models() const { return fModels; }
   /// What writing keeps; made at first.
   template <typename State>
   State &Writing()
   {
      std::lock_guard<std::mutex> lock(fMutex);
      if (!fWriting)
         fWriting = std::make_unique<State>(*fCore);
      return static_cast<State &>(*fWriting);
   }
   /// About how many bytes blocks which need the model saved.
   std::uint64_t Saved(const Model &model);
   /// True for the first that asks: it says that values move within bounds that came along with a copy of a tree.
   bool SaysThatValuesMove() { return !fSaidThatValuesMove.exchange(true); }
   /// Writes the codec's key once into each file that baskets go to.
   void EnsureKey(const Codec &codec, TFile &file);

private:
   const CoreCodec fCore; // never changed
   std::vector<ModelPtr> fModels;
   std::atomic<bool> fSaidThatValuesMove{false};
   std::mutex fMutex; // guards what follows
   std::set<std::uint64_t> fFiles;
   std::unique_ptr<WriteState> fWriting; ///< null: nothing was written
};

} // namespace Internal
} // namespace RootBaler

#endif
