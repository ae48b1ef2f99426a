// Classes of the plugin that ROOT can stream or call from macros.
#ifdef __CLING__
#pragma link off all globals;
#pragma link off all classes;
#pragma link off all functions;
#pragma link C++ nestedclasses;
#pragma link C++ nestedtypedefs;

#pragma link C++ namespace RootBaler;
#pragma link C++ class RootBaler::Codec-;
#pragma link C++ enum RootBaler::Codec::EMode;
#pragma link C++ class RootBaler::Error;
#pragma link C++ enum RootBaler::EStatus;
#pragma link C++ function RootBaler::Setting(int);
#pragma link C++ function RootBaler::ListTrees;
#pragma link C++ function RootBaler::CheckBound;
#pragma link C++ function RootBaler::TakeSamples;
#pragma link C++ function RootBaler::MeasureSigmas;
#pragma link C++ function RootBaler::DescribeModels;
#pragma link C++ function RootBaler::JoinModels;
#pragma link C++ function RootBaler::CheckInput;
#pragma link C++ function RootBaler::Compress;
#pragma link C++ function RootBaler::Decompress;
#pragma link C++ function RootBaler::Verify;
#pragma link C++ function RootBaler::Repack;
#pragma link C++ function RootBaler::Inspect;
#pragma link C++ class RootBaler::BranchInfo;
#pragma link C++ class RootBaler::GroupColumn;
#pragma link C++ class RootBaler::BoundPromise;
#pragma link C++ class RootBaler::TreeInfo;
#pragma link C++ class RootBaler::SampleColumn;
#pragma link C++ class RootBaler::SampleRequest;
#pragma link C++ class RootBaler::SampleOrder;
#pragma link C++ class RootBaler::SampleInfo;
#pragma link C++ class RootBaler::LeafSigma;
#pragma link C++ class RootBaler::TreeSigmas;
#pragma link C++ class RootBaler::ColumnInfo;
#pragma link C++ class RootBaler::ModelInfo;
#pragma link C++ class RootBaler::TreePlan;
#pragma link C++ class RootBaler::CompressOptions;
#pragma link C++ class RootBaler::BranchCheck;
#pragma link C++ class RootBaler::VerifyReport;
#pragma link C++ class RootBaler::TreeBranches;
#pragma link C++ class RootBaler::VerifyOptions;
#pragma link C++ class RootBaler::BasketInfo;
#pragma link C++ class RootBaler::BranchDetails;
#pragma link C++ class RootBaler::TreeDetails;
#pragma link C++ class RootBaler::FileDetails;
#endif
