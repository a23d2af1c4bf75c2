using System.Numerics;
using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Engine;

/// <summary>
/// What the engine thread counts. Plain fields: written by the engine thread alone, read by others after it stopped or
/// through the counter board.
/// </summary>
public sealed class EngineTotals
{
    /// <summary>Market events handled.</summary>
    public long Events;

    /// <summary>Signal messages computed.</summary>
    public long Evaluated;

    /// <summary>Signal messages handed to Aeron, repeats not counted.</summary>
    public long Published;

    /// <summary>Signal messages replaced by newer ones before they could be sent.</summary>
    public long Conflated;

    /// <summary>Signal messages computed while nobody subscribed.</summary>
    public long Unsubscribed;

    /// <summary>Messages sent again for late joiners.</summary>
    public long Repeats;

    /// <summary>Times a live book lost an update.</summary>
    public long Gaps;

    /// <summary>Times a snapshot healed a lost book.</summary>
    public long Recoveries;

    /// <summary>Books that are live.</summary>
    public long CompleteBooks;

    /// <summary>Evaluations that found best bid above best ask.</summary>
    public long CrossedBooks;

    /// <summary>Evaluations whose touch was fully valid.</summary>
    public long ValidEvaluations;

    /// <summary>Evaluations by validity flag of the touch, a place a bit; one evaluation may have several.</summary>
    public readonly long[] FlaggedEvaluations = new long[32];

    /// <summary>Definitions that could not be allocated because the instrument capacity was reached.</summary>
    public long DefinitionsRefused;

    /// <summary>Bytes allocated by definitions of instruments: set-up work that happens on this thread.</summary>
    public long SetUpBytes;

    /// <summary>Runs of parameters that were put in force.</summary>
    public long ParametersApplied;

    /// <summary>Whole runs of no use: unknown kind or instrument, wrong shape, old version.</summary>
    public long ParametersRefused;

    /// <summary>Runs cut short, mixed with another or not contiguous.</summary>
    public long ParametersBroken;

    /// <summary>Samples for slow work that found no room.</summary>
    public long SamplesDropped;

    /// <summary>Counts an evaluation by the flags of its touch.</summary>
    [Hot]
    public void CountValidity(ValidityFlags flags)
    {
        ValidEvaluations += flags == ValidityFlags.None ? 1 : 0;
        for (var bits = (uint)flags; bits != 0; bits &= bits - 1)
        {
            FlaggedEvaluations[BitOperations.TrailingZeroCount(bits)]++;
        }
    }
}
