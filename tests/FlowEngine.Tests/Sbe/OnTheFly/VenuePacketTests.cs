using FlowEngine.Feeds.Framing;
using Xunit;

namespace FlowEngine.Tests.Sbe.OnTheFly;

/// <summary>
/// Every sample packet of a venue whose schema is here decodes to its last byte, on the fly and through generated code
/// alike; the others are framed, and their headers name schemas that are not here.
/// </summary>
public class VenuePacketTests
{
    private const string Cme = "Cme.Futures.Mdp3.Sbe.v1.";
    private const string B3 = "B3.Equities.BinaryUmdf.Sbe.v1.";
    private const string Coinbase = "Coinbase.Derivatives.MarketDataApi.Sbe.v1.2.xml";
    private const string Memoir = "Memx.Equities.MemoirDepth.Sbe.v1.3.xml";
    private const string Deribit = "../deribit_sbe/deribit_multicast_v3_reconstructed.xml";

    /// <summary>Capture, folder or pattern, schema, framing, files, and messages in them.</summary>
    public static TheoryData<string, string, FramingKind, int, int> Known => new()
    {
        { "cme_mdp3/Cme.Mdp3.Sbe.v8.1.Example.pcap", Cme + "8.xml", FramingKind.CmeMdp3, 1, 10_598 },
        { "cme_mdp3/Cme.Mdp3.Sbe.v9.1.Example.pcap", Cme + "9.xml", FramingKind.CmeMdp3, 1, 194 },
        { "cme_mdp3/Cme/Mdp3.Sbe.v1.5", Cme + "5.xml", FramingKind.CmeMdp3, 5, 15 },
        { "cme_mdp3/Cme/Mdp3.Sbe.v1.8", Cme + "8.xml", FramingKind.CmeMdp3, 3, 1_047 },
        { "cme_mdp3/Cme/Mdp3.Sbe.v1.9", Cme + "9.xml", FramingKind.CmeMdp3, 4, 15 },
        { "cme_mdp3/Cme/Mdp3.Sbe.v1.12/*LongQty*", Cme + "12.xml", FramingKind.CmeTcp, 3, 3 },
        { "omi_packets/Cme/Mdp3.Sbe.v1.5", Cme + "5.xml", FramingKind.CmeMdp3, 5, 15 },
        { "omi_packets/Cme/Mdp3.Sbe.v1.8", Cme + "8.xml", FramingKind.CmeMdp3, 1, 3 },
        { "omi_packets/Cme/Mdp3.Sbe.v1.9", Cme + "9.xml", FramingKind.CmeMdp3, 4, 15 },
        { "omi_packets/Cme/Mdp3.Sbe.v1.12/*LongQty*", Cme + "12.xml", FramingKind.CmeTcp, 3, 3 },
        { "omi_packets/B3/BinaryUmdf.v1.5", B3 + "6.xml", FramingKind.B3Umdf, 5, 5 },
        { "omi_packets/B3/BinaryUmdf.v1.8", B3 + "8.xml", FramingKind.B3Umdf, 2, 2 },
        { "omi_packets/Coinbase/MarketDataApi.v1.2", Coinbase, FramingKind.CoinbaseMarketData, 5, 13 },
        { "omi_packets/Memx/Equities.MemiorDepth.v1.3/*Order*", Memoir, FramingKind.Memoir, 4, 4 },
        { "omi_packets/Memx/Equities.MemiorDepth.v1.3/*Multiple*", Memoir, FramingKind.Memoir, 1, 53 },
        { "omi_packets/Memx/Equities.MemiorDepth.v1.3/*Re*tion*", Memoir, FramingKind.Memoir, 1, 1 },
        { "omi_packets/Memx/Equities.MemiorDepth.v1.3/*Status*", Memoir, FramingKind.Memoir, 2, 2 },
        { "deribit_sbe/pcaps/sample_capture_v1_6.pcapng", Deribit, FramingKind.Deribit, 1, 6_780 },
        { "deribit_sbe/pcaps/price_index.pcapng", Deribit, FramingKind.Deribit, 1, 1_277 },
        { "deribit_sbe/pcaps/rfq.pcapng", Deribit, FramingKind.Deribit, 1, 2 },
    };

    /// <summary>Folder or pattern, framing, files, and the schema id of all messages in them.</summary>
    public static TheoryData<string, FramingKind, int, int[]> Unknown => new()
    {
        { "omi_packets/B3/BinaryEntryPoint.v8.0", FramingKind.B3EntryPoint, 2, [1] },
        { "omi_packets/B3/BinaryEntryPoint.v8.1", FramingKind.B3EntryPoint, 6, [1] },
        { "omi_packets/Cme/iLink3.Sbe.8.5", FramingKind.CmeILink, 4, [8] },
        { "omi_packets/Cme/Mdp3.Sbe.v1.12/*Request*", FramingKind.CmeTcp, 3, [2] },
        { "omi_packets/Cme/Mdp3.Sbe.v1.12/*Heartbeat*", FramingKind.CmeTcp, 1, [2] },
        { "omi_packets/Coinbase/OrderApi.v1.4", FramingKind.CoinbaseOrders, 14, [1100, 1101] },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void A_venue_packet_decodes_to_its_last_byte_on_the_fly_and_through_generated_code_alike(
        string pattern, string schema, FramingKind kind, int files, int messages)
    {
        var schemaPath = Path.Combine(SbeFiles.NeedFolder(Path.Combine(SbeFiles.Data, "schemas")), schema);
        var decoder = Decoders.OfFile(schemaPath);
        var twin = GeneratedTwin.OfFile(schemaPath);
        var paths = Files(pattern);
        Assert.Equal(files, paths.Count);
        var decoded = 0;
        foreach (var path in paths)
        {
            foreach (var frame in VenuePackets.Frames(path, kind, decoder))
            {
                var json = decoder.Json(frame, out var length);
                Assert.NotNull(json);

                // Coinbase pads each frame to 8 bytes; nobody else pads.
                var padding = frame.AsSpan(length);
                Assert.InRange(padding.Length, 0, kind == FramingKind.CoinbaseMarketData ? 7 : 0);
                Assert.Equal(-1, padding.IndexOfAnyExcept((byte)0));
                Assert.Equal(twin.Json(frame, 0, frame.Length, out var generatedLength), json);
                Assert.Equal(generatedLength, length);
                decoded++;
            }
        }

        Assert.Equal(messages, decoded);
    }

    [Theory]
    [MemberData(nameof(Unknown))]
    public void A_venue_packet_without_a_schema_here_is_framed_and_names_another_schema(
        string pattern, FramingKind kind, int files, int[] schemaIds)
    {
        var paths = Files(pattern);
        Assert.Equal(files, paths.Count);

        // All of them have the usual header of four little-endian uint16.
        var decoder = Decoders.OfConformance("example-schema.xml");
        foreach (var frame in paths.SelectMany(path => VenuePackets.Frames(path, kind)))
        {
            Assert.True(decoder.TryReadHeader(frame, out var header));
            Assert.Contains((int)header.SchemaId, schemaIds);
            Assert.InRange(header.BlockLength, 0ul, (ulong)(frame.Length - decoder.HeaderLength));
        }
    }

    private static List<string> Files(string pattern)
    {
        var path = Path.Combine(SbeFiles.NeedFolder(SbeFiles.Data), pattern);
        if (File.Exists(path))
            return [path];
        return Directory.Exists(path)
            ? [.. Directory.GetFiles(path).Order(StringComparer.Ordinal)]
            : [.. Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path))];
    }
}
