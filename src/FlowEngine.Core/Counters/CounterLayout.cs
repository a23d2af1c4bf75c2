namespace FlowEngine.Core.Counters;

/// <summary>
/// Where things lie in the two counter regions of an Aeron driver (CnC version 0.2.0). Counter <c>id</c> owns one
/// slot in each:
/// <code>
/// values,   slot = id * 128:  0 value i64 | 8 registration id i64 | 16 owner id i64 | 24 reference id i64 | pad to 128
/// metadata, slot = id * 512:  0 state i32 | 4 type id i32 | 8 reuse deadline, epoch ms, i64 | 16 key 112 B
///                           128 label length i32 | 132 label 380 B, ASCII
/// </code>
/// </summary>
public static class CounterLayout
{
    /// <summary>Bytes of a slot in the values region.</summary>
    public const int ValueLength = 128;

    /// <summary>Bytes of a slot in the metadata region.</summary>
    public const int MetadataLength = 512;

    public const int RegistrationIdOffset = 8;
    public const int OwnerIdOffset = 16;
    public const int ReferenceIdOffset = 24;

    public const int TypeIdOffset = 4;
    public const int FreeForReuseDeadlineOffset = 8;
    public const int KeyOffset = 16;
    public const int MaxKeyLength = 112;
    public const int LabelLengthOffset = 128;
    public const int LabelOffset = 132;
    public const int MaxLabelLength = 380;

    /// <summary>Never used: ends a scan.</summary>
    public const int StateUnused = 0;

    /// <summary>In use.</summary>
    public const int StateAllocated = 1;

    /// <summary>Freed, to be used again after its deadline: skipped by a scan.</summary>
    public const int StateReclaimed = -1;

    /// <summary>Deadline of a counter in use.</summary>
    public const long NotFreeForReuse = long.MaxValue;

    /// <summary>No counter.</summary>
    public const int NullCounterId = -1;
}
