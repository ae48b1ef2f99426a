// What ROOT keeps to itself in trees, branches and baskets, for those who write baskets without filling: the tables of
// baskets, sizes, clusters. (A pointer to an inherited protected member may be formed in a derived class.)
#ifndef ROOTBALER_MEMBERS_H
#define ROOTBALER_MEMBERS_H

#include <TBasket.h>
#include <TBranch.h>
#include <TTree.h>

namespace RootBaler {
namespace Internal {

struct BranchMembers : TBranch {
   static Int_t &Compress(TBranch &b) { return b.*&BranchMembers::fCompress; }
   static Int_t &WriteBasket(TBranch &b) { return b.*&BranchMembers::fWriteBasket; }
   static Long64_t &EntryNumber(TBranch &b) { return b.*&BranchMembers::fEntryNumber; }
   static Int_t &BasketsInMemory(TBranch &b) { return b.*&BranchMembers::fNBaskets; }
   static TBasket *&CurrentBasket(TBranch &b) { return b.*&BranchMembers::fCurrentBasket; }
   static Long64_t &FirstOfCurrent(TBranch &b) { return b.*&BranchMembers::fFirstBasketEntry; }
   static Long64_t &BehindCurrent(TBranch &b) { return b.*&BranchMembers::fNextBasketEntry; }
   static Long64_t &TotBytes(TBranch &b) { return b.*&BranchMembers::fTotBytes; }
   static Long64_t &ZipBytes(TBranch &b) { return b.*&BranchMembers::fZipBytes; }
   static TDirectory *&Directory(TBranch &b) { return b.*&BranchMembers::fDirectory; }
   static TString &FileName(TBranch &b) { return b.*&BranchMembers::fFileName; }
   static Int_t *BasketBytes(TBranch &b) { return b.*&BranchMembers::fBasketBytes; }
   static Long64_t *BasketEntry(TBranch &b) { return b.*&BranchMembers::fBasketEntry; }
   static Long64_t *BasketSeek(TBranch &b) { return b.*&BranchMembers::fBasketSeek; }
};

struct BasketMembers : TBasket {
   static Int_t &BufferSize(TBasket &b) { return b.*&BasketMembers::fBufferSize; }
   static Int_t &EntrySize(TBasket &b) { return b.*&BasketMembers::fNevBufSize; }
   static Int_t &Entries(TBasket &b) { return b.*&BasketMembers::fNevBuf; }
   static Int_t &Last(TBasket &b) { return b.*&BasketMembers::fLast; }
   static Int_t *&Offsets(TBasket &b) { return b.*&BasketMembers::fEntryOffset; }
};

struct TreeMembers : TTree {
   static Long64_t &TotBytes(TTree &t) { return t.*&TreeMembers::fTotBytes; }
   static Long64_t &ZipBytes(TTree &t) { return t.*&TreeMembers::fZipBytes; }
   static Long64_t &FlushedBytes(TTree &t) { return t.*&TreeMembers::fFlushedBytes; }
   static Long64_t &SavedBytes(TTree &t) { return t.*&TreeMembers::fSavedBytes; }
   static Long64_t &AutoFlush(TTree &t) { return t.*&TreeMembers::fAutoFlush; }
   static Int_t &ClusterRanges(TTree &t) { return t.*&TreeMembers::fNClusterRange; }
   static TList *UserInfo(TTree &t) { return t.*&TreeMembers::fUserInfo; }
};

} // namespace Internal
} // namespace RootBaler

#endif
