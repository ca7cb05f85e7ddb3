// Decodes or encodes a gzip layer with Go's own libraries, and prints both digests.
//
//	codec_go decode FILE    of a gzip file
//	codec_go encode FILE    of a tar, to nowhere
package main

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
)

func main() {
	file, err := os.Open(os.Args[2])
	check(err)
	stored, plain := sha256.New(), sha256.New()
	source := bufio.NewReaderSize(file, 1<<18)
	buffer := make([]byte, 1<<18)
	if os.Args[1] == "decode" {
		reader, err := gzip.NewReader(bufio.NewReaderSize(io.TeeReader(source, stored), 1<<18))
		check(err)
		_, err = io.CopyBuffer(struct{ io.Writer }{plain}, reader, buffer)
		check(err)
	} else {
		writer := gzip.NewWriter(stored)
		_, err := io.CopyBuffer(io.MultiWriter(writer, plain), struct{ io.Reader }{source}, buffer)
		check(err)
		check(writer.Close())
	}
	fmt.Printf("%x %x\n", stored.Sum(nil), plain.Sum(nil))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
