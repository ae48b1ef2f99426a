#include "codec/Models.h"

#include "basket/BasketLayout.h"
#include "codec/ModelFile.h"
#include "support/Check.h"

namespace RootBaler {
namespace Internal {

ModelInfo InfoOf(const Model &model)
{
   ModelInfo info;
   info.fHash = HashText(model.Hash());
   info.fBytes = model.Bytes().size();
   info.fIsJagged = model.IsJagged();
   info.fHasNetwork = model.HasNetwork();
   for (std::size_t i = 0; i < model.Columns(); ++i) {
      if (model.Foreign(i))
         continue; // it has no bound of its own, and nothing is stored of it
      ColumnInfo column;
      column.fName = model.Name(i);
      column.fType = NameOf(model.Type(i));
      column.fBound = model.Bound(i);
      column.fRequest = rb_model_column_request(model.Get(), i);
      for (const std::uint32_t parent : model.Parents(i))
         column.fParents.push_back(model.Name(parent));
      info.fColumns.push_back(std::move(column));
   }
   return info;
}

} // namespace Internal

void CheckBound(const std::string &spec)
{
   Internal::Check(rb_bound_check(spec.c_str()), "bad bound");
}

std::vector<ModelInfo> DescribeModels(const std::string &path)
{
   std::vector<ModelInfo> infos;
   for (const std::string &bytes : Internal::ReadModelFile(path)) {
      try {
         infos.push_back(Internal::InfoOf(Internal::Model(bytes)));
      } catch (const Error &error) {
         throw Error(error.Status(), "'" + path + "' is no good model: " + error.what());
      }
   }
   return infos;
}

void JoinModels(const std::vector<std::string> &paths, const std::string &out)
{
   std::vector<std::string> models;
   for (const std::string &path : paths)
      for (std::string &bytes : Internal::ReadModelFile(path))
         models.push_back(std::move(bytes));
   Internal::WriteModelFile(models, out);
}

} // namespace RootBaler
