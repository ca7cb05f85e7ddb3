// Lists a tar with Go's own archive/tar: the reader of Docker, containerd and umoci.
//
//	tar_list FILE          count the entries
//	tar_list -json FILE    one JSON object for each entry, with its content's SHA-256
package main

import (
	"archive/tar"
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

type entry struct {
	Name   []byte            `json:"name"`
	Type   string            `json:"type"`
	Mode   int64             `json:"mode"`
	UID    int               `json:"uid"`
	GID    int               `json:"gid"`
	User   []byte            `json:"user"`
	Group  []byte            `json:"group"`
	Mtime  [2]int64          `json:"mtime"`
	Size   int64             `json:"size"`
	Link   []byte            `json:"link"`
	Device [2]int64          `json:"device"`
	Xattrs map[string][]byte `json:"xattrs"`
	SHA256 string            `json:"sha256"`
}

func main() {
	asJSON := os.Args[1] == "-json"
	file, err := os.Open(os.Args[len(os.Args)-1])
	check(err)
	reader := tar.NewReader(bufio.NewReaderSize(file, 1<<20))
	writer := json.NewEncoder(os.Stdout)
	count := 0
	for {
		header, err := reader.Next()
		if err == io.EOF {
			break
		}
		check(err)
		count++
		if asJSON {
			check(writer.Encode(describe(header, reader)))
		}
	}
	if !asJSON {
		fmt.Println(count)
	}
}

func describe(header *tar.Header, content io.Reader) entry {
	digest := sha256.New()
	_, err := io.Copy(digest, content)
	check(err)
	xattrs := map[string][]byte{}
	for key, value := range header.PAXRecords {
		const prefix = "SCHILY.xattr."
		if len(key) > len(prefix) && key[:len(prefix)] == prefix {
			xattrs[key[len(prefix):]] = []byte(value)
		}
	}
	return entry{
		Name: []byte(header.Name), Type: string(header.Typeflag), Mode: header.Mode,
		UID: header.Uid, GID: header.Gid,
		User: []byte(header.Uname), Group: []byte(header.Gname),
		Mtime:  [2]int64{header.ModTime.Unix(), int64(header.ModTime.Nanosecond())},
		Size:   header.Size,
		Link:   []byte(header.Linkname),
		Device: [2]int64{header.Devmajor, header.Devminor},
		Xattrs: xattrs,
		SHA256: fmt.Sprintf("%x", digest.Sum(nil)),
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
