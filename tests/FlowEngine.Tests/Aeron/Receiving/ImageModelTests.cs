using System.Buffers.Binary;
using CsCheck;
using FlowEngine.Aeron.Driver;
using FlowEngine.Aeron.Driver.Receiving;
using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;
using Xunit;

namespace FlowEngine.Tests.Aeron.Receiving;

/// <summary>
/// A stream of several terms, lost, doubled and reordered on its way and repaired as its NAKs ask, against a slow model
/// of what a receiver knows: which 32-byte cells of the stream have come.
/// </summary>
public sealed class ImageModelTests
{
    private const int Cell = DataFrame.Alignment;
    private const int StreamLength = 4 * Packets.TermLength;

    private static readonly Gen<Weather> s_weather =
        from seed in Gen.Int
        from loss in Gen.Double[0, 0.4]
        from duplicate in Gen.Double[0, 0.3]
        from reorder in Gen.Int[0, 8]
        from startOffset in Gen.Int[0, (Packets.TermLength / Cell) - 1]
        from maxPayload in Gen.Int[0, Packets.Mtu - DataFrame.HeaderLength]
        select new Weather(seed, loss, duplicate, reorder, startOffset * Cell, maxPayload);

    [Fact]
    public void The_stream_is_rebuilt_and_positions_are_those_of_the_model() => s_weather.Sample(
        weather =>
        {
            using var house = new ReceiverHouse();
            var sender = new Sender(weather, house);
            sender.Run();
            Assert.Equal(sender.End, house.Images[0].Image.RebuildPosition);
            Assert.Equal(0, house[SystemCounter.InvalidPackets]);
            Assert.Equal(house[SystemCounter.NaksSent], sender.Naks);
            return true;
        },
        iter: 25,
        threads: 1);

    private sealed record Weather(
        int Seed, double Loss, double Duplicate, int Reorder, int StartOffset, int MaxPayload);

    /// <summary>The sender, the network, the reader and the model.</summary>
    private sealed class Sender
    {
        private const int MaxSteps = 60_000;

        private readonly Weather _weather;
        private readonly ReceiverHouse _house;
        private readonly Random _random;
        private readonly SortedDictionary<long, byte[]> _datagrams = [];
        private readonly List<(int Step, byte[] Bytes)> _onTheWay = [];
        private readonly List<byte[]> _arrived = [];
        private readonly Dictionary<long, long> _cells = [];
        private readonly byte[] _stream;
        private readonly long _start;
        private long _prefix;
        private long _modelHwm;
        private long _modelPosition;
        private long _statusPosition;
        private long _limit;
        private long _sent;
        private long _read;
        private int _seen;

        public Sender(Weather weather, ReceiverHouse house)
        {
            _weather = weather;
            _house = house;
            _random = new Random(weather.Seed);
            _start = weather.StartOffset;
            _stream = new byte[_start + StreamLength];
            Compose();
            _prefix = _modelHwm = _modelPosition = _statusPosition = _limit = _sent = _read = _start;
        }

        public long End { get; private set; }

        public int Naks { get; private set; }

        public void Run()
        {
            _house.Subscribe(Packets.StreamId);
            _house.Deliver(Packets.Setup(termOffset: _weather.StartOffset));
            _house.Run(0.5, 0.1);
            for (var step = 0; _read < End; step++)
            {
                Assert.True(step < MaxSteps, $"stuck at {_read} of {End}");
                Send(step);
                Arrive(step);
                _house.NowNs += 200_000;
                Predict();
                _house.Step(reads: false);
                Listen();
                Read();
                var image = _house.Images[0].Image;
                Assert.Equal(_modelPosition, image.RebuildPosition);
                Assert.Equal(_modelHwm, _house.Images[0].HighWaterMark.Get());
            }
        }

        private static long Position(ReadOnlySpan<byte> frame, int termId, int offset) =>
            ((long)(BinaryPrimitives.ReadInt32LittleEndian(frame[termId..]) - Packets.TermId) * Packets.TermLength)
            + BinaryPrimitives.ReadInt32LittleEndian(frame[offset..]);

        /// <summary>The whole stream: frames of random lengths, some in one datagram, padding at term ends.</summary>
        private void Compose()
        {
            var position = _start;
            while (position < _stream.Length)
            {
                var at = position;
                var datagram = new List<byte>();
                do
                {
                    var offset = (int)(position % Packets.TermLength);
                    var left = Packets.TermLength - offset;
                    var termId = Packets.TermId + (int)(position / Packets.TermLength);
                    var frame = Packets.Data(offset, _random.Next(_weather.MaxPayload + 1), _random.Next(256), termId);
                    if (frame.Length > left)
                    {
                        frame = Packets.Padding(offset, left, termId);
                    }

                    if (datagram.Count > 0 && datagram.Count + frame.Length > Packets.Mtu)
                    {
                        break;
                    }

                    datagram.AddRange(frame);
                    var bytes = Math.Min(frame.Length, _stream.Length - position);
                    frame.AsSpan(0, (int)bytes).CopyTo(_stream.AsSpan((int)position));
                    position += DataFrame.Align(BinaryPrimitives.ReadInt32LittleEndian(frame));
                }
                while (_random.Next(3) == 0 && position % Packets.TermLength != 0 && position < _stream.Length);
                _datagrams.Add(at, [.. datagram]);
            }

            End = position;
        }

        private void Send(int step)
        {
            var budget = 8;
            foreach (var (position, bytes) in _datagrams.Where(d => d.Key >= _sent).TakeWhile(_ => budget-- > 0))
            {
                var end = position + Taken(bytes);
                if (end > _limit)
                {
                    break;
                }

                Transmit(step, bytes);
                _sent = end;
            }

            if (step % 20 == 0)
            {
                // As the last datagram may be lost, only a heartbeat tells that there was one.
                var termId = Packets.TermId + (int)(_sent / Packets.TermLength);
                Transmit(step, Packets.Heartbeat((int)(_sent % Packets.TermLength), termId));
            }
        }

        private void Transmit(int step, byte[] bytes)
        {
            var copies = _random.NextDouble() < _weather.Loss ? 0 : _random.NextDouble() < _weather.Duplicate ? 2 : 1;
            for (; copies > 0; copies--)
            {
                _onTheWay.Add((step + _random.Next(_weather.Reorder + 1), bytes));
            }
        }

        private void Arrive(int step)
        {
            // No more than the receiver takes in one duty cycle, so that the model knows what it has taken.
            foreach (var item in _onTheWay.Where(w => w.Step <= step).Take(Receiver.BatchLength).ToArray())
            {
                _onTheWay.Remove(item);
                _house.Deliver(item.Bytes);
                _arrived.Add(item.Bytes);
            }
        }

        /// <summary>The model: conductor first, by what had come before; then what has come now.</summary>
        private void Predict()
        {
            var termEnd = ((_modelPosition / Packets.TermLength) + 1) * Packets.TermLength;
            _modelPosition = Math.Max(_modelPosition, Math.Min(_prefix, termEnd));
            foreach (var bytes in _arrived)
            {
                Take(bytes);
            }

            _arrived.Clear();
            while (_cells.ContainsKey(_prefix))
            {
                _prefix += Cell;
            }
        }

        private void Take(byte[] bytes)
        {
            var position = Position(bytes, DataFrame.TermIdOffset, DataFrame.TermOffsetOffset);
            var taken = Taken(bytes);
            if (position + taken > _statusPosition + (Packets.TermLength / 2)
                || (taken > 0 && position < _statusPosition))
            {
                return;
            }

            for (var cell = position; cell < position + taken; cell += Cell)
            {
                _cells.TryAdd(cell, _house.NowNs);
            }

            _modelHwm = Math.Max(_modelHwm, position + taken);
        }

        private void Listen()
        {
            var sent = _house.Transport.Sent;
            for (; _seen < sent.Count; _seen++)
            {
                var bytes = sent[_seen].Bytes;
                if (StatusFrame.TryRead(bytes, out var status))
                {
                    _statusPosition = Position(bytes, 16, 20);
                    _limit = Math.Max(_limit, _statusPosition + status.WindowLength);
                }
                else if (NakFrame.TryRead(bytes, out var nak))
                {
                    Naks++;
                    var from = Position(bytes, 16, 20);
                    for (var cell = from; cell < from + nak.GapLength; cell += Cell)
                    {
                        // What came in this duty cycle was not yet there when the conductor looked.
                        Assert.Equal(_house.NowNs, _cells.GetValueOrDefault(cell, _house.NowNs));
                    }

                    Assert.InRange(from + nak.GapLength, from + Cell, _modelHwm);
                    foreach (var (_, datagram) in _datagrams.Where(d => d.Key >= from && d.Key < from + nak.GapLength))
                    {
                        Transmit(0, datagram);
                    }
                }
            }
        }

        /// <summary>The subscriber: what it reads is what was sent.</summary>
        private unsafe void Read()
        {
            var seat = _house.Images[0];
            var rebuilt = seat.Image.RebuildPosition;
            while (_read < rebuilt)
            {
                var partition = (int)(_read / Packets.TermLength % 3);
                var frame = seat.Log.Term(partition) + (_read % Packets.TermLength);
                var length = DataFrame.Align(*(int*)frame);
                var onWire = *(ushort*)(frame + DataFrame.TypeOffset) == DataFrame.TypePadding ? Cell : length;
                var bytes = (int)Math.Min(onWire, _stream.Length - _read);
                Assert.Equal(_stream.AsSpan((int)_read, bytes), new ReadOnlySpan<byte>(frame, bytes));
                _read += length;
            }

            Assert.Equal(rebuilt, _read);
            if (_random.Next(3) != 0)
            {
                seat.Position.Set(_read);
            }
        }

        private static int Taken(byte[] bytes)
        {
            var taken = 0;
            for (var offset = 0; offset < bytes.Length;)
            {
                var length = DataFrame.Align(BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(offset)));
                if (length == 0)
                {
                    break;
                }

                taken += length;
                offset += length;
            }

            return taken;
        }
    }
}
