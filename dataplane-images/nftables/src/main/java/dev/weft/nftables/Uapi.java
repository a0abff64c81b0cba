package dev.weft.nftables;

/** Numbers of linux/netfilter/nf_tables.h and nfnetlink.h, by their names there; attributes are in the codecs. */
final class Uapi {
    /** {@code struct nfgenmsg}. */
    static final int NFGENMSG = 4;

    static final int NFNL_SUBSYS_NFTABLES = 10;
    static final int NFNL_MSG_BATCH_BEGIN = 0x10;
    static final int NFNL_MSG_BATCH_END = 0x11;

    static final int NEWTABLE = NFNL_SUBSYS_NFTABLES << 8;
    static final int GETTABLE = NEWTABLE + 1;
    static final int DELTABLE = NEWTABLE + 2;
    static final int NEWCHAIN = NEWTABLE + 3;
    static final int GETCHAIN = NEWTABLE + 4;
    static final int DELCHAIN = NEWTABLE + 5;
    static final int NEWRULE = NEWTABLE + 6;
    static final int GETRULE = NEWTABLE + 7;
    static final int DELRULE = NEWTABLE + 8;
    static final int NEWSET = NEWTABLE + 9;
    static final int GETSET = NEWTABLE + 10;
    static final int DELSET = NEWTABLE + 11;
    static final int NEWSETELEM = NEWTABLE + 12;
    static final int GETSETELEM = NEWTABLE + 13;
    static final int DELSETELEM = NEWTABLE + 14;
    static final int NEWGEN = NEWTABLE + 15;
    static final int GETGEN = NEWTABLE + 16;

    static final int NFTA_LIST_ELEM = 1;

    static final int NFTA_TABLE_NAME = 1;
    static final int NFTA_TABLE_FLAGS = 2;

    static final int NFTA_CHAIN_TABLE = 1;
    static final int NFTA_CHAIN_NAME = 3;
    static final int NFTA_CHAIN_HOOK = 4;
    static final int NFTA_CHAIN_POLICY = 5;
    static final int NFTA_CHAIN_TYPE = 7;
    static final int NFTA_CHAIN_FLAGS = 10;
    static final int NFT_CHAIN_BINDING = 1 << 2;
    static final int NFTA_HOOK_HOOKNUM = 1;
    static final int NFTA_HOOK_PRIORITY = 2;

    static final int NFTA_RULE_TABLE = 1;
    static final int NFTA_RULE_CHAIN = 2;
    static final int NFTA_RULE_HANDLE = 3;
    static final int NFTA_RULE_EXPRESSIONS = 4;
    static final int NFTA_RULE_USERDATA = 7;
    static final int NFTA_EXPR_NAME = 1;
    static final int NFTA_EXPR_DATA = 2;

    static final int NFTA_SET_TABLE = 1;
    static final int NFTA_SET_NAME = 2;
    static final int NFTA_SET_FLAGS = 3;
    static final int NFTA_SET_KEY_TYPE = 4;
    static final int NFTA_SET_KEY_LEN = 5;
    static final int NFTA_SET_DATA_TYPE = 6;
    static final int NFTA_SET_DATA_LEN = 7;
    static final int NFTA_SET_DESC = 9;
    static final int NFTA_SET_ID = 10;
    static final int NFTA_SET_TIMEOUT = 11;
    static final int NFTA_SET_USERDATA = 13;
    static final int NFTA_SET_COUNT = 20;
    static final int NFTA_SET_DESC_SIZE = 1;
    static final int NFTA_SET_DESC_CONCAT = 2;
    static final int NFTA_SET_FIELD_LEN = 1;
    static final int NFT_SET_ANONYMOUS = 0x1;
    static final int NFT_SET_MAP = 0x8;
    static final int NFT_SET_CONCAT = 0x80;
    static final int NFT_DATA_VERDICT = 0xffffff00;

    static final int NFTA_SET_ELEM_LIST_TABLE = 1;
    static final int NFTA_SET_ELEM_LIST_SET = 2;
    static final int NFTA_SET_ELEM_LIST_ELEMENTS = 3;
    static final int NFTA_SET_ELEM_KEY = 1;
    static final int NFTA_SET_ELEM_DATA = 2;
    static final int NFTA_SET_ELEM_FLAGS = 3;
    static final int NFTA_SET_ELEM_TIMEOUT = 4;
    static final int NFTA_SET_ELEM_USERDATA = 6;
    static final int NFTA_SET_ELEM_KEY_END = 10;
    static final int NFT_SET_ELEM_INTERVAL_END = 0x1;
    static final int NFT_SET_ELEM_CATCHALL = 0x2;

    static final int NFTA_DATA_VALUE = 1;
    static final int NFTA_DATA_VERDICT = 2;
    static final int NFTA_VERDICT_CODE = 1;
    static final int NFTA_VERDICT_CHAIN = 2;

    static final int NFTA_GEN_ID = 1;

    private Uapi() {}
}
