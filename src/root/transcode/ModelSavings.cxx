#include "transcode/ModelSavings.h"

#include "codec/CodecState.h"
#include "RootBaler/Codec.h"

namespace RootBaler {
namespace Internal {

void ModelSavings::Add(TTree &tree)
{
   const Codec *codec = Codec::Of(&tree);
   if (!codec || codec->GetMode() != Codec::kGroup)
      return;
   for (const ModelPtr &model : codec->State().Models()) {
      if (!model->HasNetwork())
         continue;
      Account &account = fAccounts[model->Hash()];
      account.fPrice = model->Bytes().size();
      account.fSaved += codec->State().Saved(*model);
   }
}

std::set<ULong64_t> ModelSavings::Unpaid() const
{
   std::set<ULong64_t> hashes;
   for (const auto &[hash, account] : fAccounts)
      if (account.fSaved < account.fPrice)
         hashes.insert(hash);
   return hashes;
}

} // namespace Internal
} // namespace RootBaler
